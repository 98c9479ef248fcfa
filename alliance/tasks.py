"""Register the event handlers of alliance with the workers."""

from alliance.notifications import handlers

__all__ = ["handlers"]
