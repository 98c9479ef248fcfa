"""Notifications of tiers, and the selection of the people whom an event concerns."""
