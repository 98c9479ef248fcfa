"""Register the jobs and event handlers of ordering with the workers."""

from ordering.notifications import handlers, products
from ordering.operations import event_handlers, measuring

__all__ = ["event_handlers", "handlers", "measuring", "products"]
