"""Register the jobs and event handlers of rebates with the workers."""

from rebates.notifications import handlers
from rebates.operations import guarantees, settling

__all__ = ["guarantees", "handlers", "settling"]
