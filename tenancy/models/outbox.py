"""Effects that must happen once: written with what causes them, done by a worker later."""

from django.db import models

from tenancy.models.base import TenantModel, new_id


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


class OutboxDue(models.Model):
    """What is still to do, without its content: read by the sweeper before a tenant is known."""

    message_id = models.UUIDField(primary_key=True, default=new_id)
    tenant_id = models.UUIDField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="outbox_due_at")]
