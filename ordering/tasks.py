"""Register the event handlers of ordering with the workers."""

from ordering.notifications import handlers, products
from ordering.operations import event_handlers

__all__ = ["event_handlers", "handlers", "products"]
