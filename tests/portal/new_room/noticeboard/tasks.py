"""Register the jobs and event handlers of noticeboard with the workers."""

from noticeboard import operations
from noticeboard.notifications import handlers

__all__ = ["handlers", "operations"]
