"""Notifications to a person about their account."""
