"""Tell a person what happens to their account."""
