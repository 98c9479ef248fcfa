"""Registers the event handlers and jobs of pricing with the workers."""

from pricing.notifications import handlers
from pricing.operations import list_uploads
from pricing.operations.dry_run import running

__all__ = ["handlers", "list_uploads", "running"]
