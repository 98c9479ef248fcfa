"""Effects that must happen once: written with what causes them, done by a worker later."""

from django.db import models

from tenancy.models.base import TenantModel


class OutboxMessage(TenantModel):
    """Partitioned by month of `created_at`; nothing references it. Written by operations.outbox."""

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
    """What is still to do, under the message's own id and without its content.

    The sweeper reads it before a tenant is known (`app.sweeping`), and takes it tenant by tenant.
    """

    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    nudges = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["due_at"], name="outbox_due_at")]

    def __str__(self) -> str:
        return str(self.id)
