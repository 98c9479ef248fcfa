"""Registers the event handlers of dealers with the workers."""

from dealers.notifications import handlers, recipients

__all__ = ["handlers", "recipients"]
