"""Notifications of contract events to the three parties."""
