"""The rules of approvals, in plain Python."""
