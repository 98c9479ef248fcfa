"""Models of the outbox: messages written together with their cause and delivered by a worker."""

from django.db import models

from tenancy.models.base import TenantModel


class OutboxMessage(TenantModel):
    """A message of the outbox. Partitioned by month of `created_at`; no table references it."""

    created_at = models.DateTimeField()
    topic = models.CharField(max_length=60)
    body = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "topic", "-created_at"], name="outbox_by_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"


class OutboxDue(TenantModel):
    """A message that is still to be delivered: its id, without its content.

    The sweeper finds the tenants with overdue messages here before a tenant is active (`app.sweeping`).
    """

    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    nudges = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["due_at"], name="outbox_due_at")]

    def __str__(self) -> str:
        return str(self.id)
