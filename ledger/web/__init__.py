"""Accounts between two parties, as pages."""
