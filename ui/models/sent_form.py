"""The model of a submitted form's token."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tenancy.models.base import TenantModel


class SentForm(TenantModel):
    """A submitted form: its token, its content, and the URL to which its sender was redirected."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    token = models.CharField(max_length=64)
    location = models.CharField(max_length=2000, blank=True)
    content = models.JSONField(default=dict)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "person", "token"], name="form_sent_once")]
        indexes = [models.Index(fields=["tenant", "sent_at"], name="form_sent_oldest")]

    def __str__(self) -> str:
        return self.token
