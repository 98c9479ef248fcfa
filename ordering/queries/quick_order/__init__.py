"""The reads of the quick order: products, drafts, and the priced sheet of a draft."""
