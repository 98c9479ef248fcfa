"""Registers the event handlers of the alliance with the workers."""

from alliance.notifications import handlers

__all__ = ["handlers"]
