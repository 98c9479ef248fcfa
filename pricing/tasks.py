"""Registers the event handlers of pricing with the workers."""

from pricing.notifications import handlers

__all__ = ["handlers"]
