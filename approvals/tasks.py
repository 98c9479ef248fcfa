"""Register the event handlers of approvals with the workers."""

from approvals.notifications import handlers

__all__ = ["handlers"]
