"""The stored answers of API writes."""

from django.db import models

from integrations.models.api_key import ApiKey
from tenancy.models import TenantForeignKey, TenantModel


class IdempotencyRecord(TenantModel):
    """The answer to one write, stored under the client's Idempotency-Key; a retry gets it again.

    `body` is compressed by zlib, so that it seldom needs a place outside the row.
    """

    api_key = TenantForeignKey(ApiKey, models.CASCADE)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=100, default="application/json")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "api_key", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return self.key
