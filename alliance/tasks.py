"""Registers the event handlers of the alliance with the workers."""

from alliance.notifications import handlers, recruitment

__all__ = ["handlers", "recruitment"]
