"""The rules of a dry run: what publishing a price list changes, for buyers on equal terms."""
