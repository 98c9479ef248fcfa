"""The rules of the quick order: pasted rows, matching of products, edits, alternatives, next steps."""
