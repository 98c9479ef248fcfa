from jobs.models.job import Job
from jobs.models.outbox import OutboxDue, OutboxMessage

__all__ = ["Job", "OutboxDue", "OutboxMessage"]
