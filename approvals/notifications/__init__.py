"""Notifications of changes that wait for a second person, and of the decisions on them."""
