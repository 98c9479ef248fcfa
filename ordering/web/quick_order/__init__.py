"""The quick order: a draft that is priced while it is written, and that is placed as an order."""
