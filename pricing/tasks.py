"""Registers the event handlers and the jobs of pricing with the workers."""

from pricing.notifications import handlers
from pricing.operations import list_uploads

__all__ = ["handlers", "list_uploads"]
