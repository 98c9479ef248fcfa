"""Registers the event handlers of the alliance with the workers."""

from alliance.notifications import breach_handlers, handlers

__all__ = ["breach_handlers", "handlers"]
