"""Notify sellers of settlements, and parties of their statements."""
