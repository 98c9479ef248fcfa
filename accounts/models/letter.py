"""The model of letters: messages to somebody who has no account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.domain.topics import MAIL, SMS
from accounts.models.message import Delivery
from tenancy.models import TenantManager, TenantModel


class Letter(TenantModel):
    """One message to a mail address or phone number, sent once. A `source` has one letter.

    `title` and `body` are messages of the catalogue, filled with `params` in the `language` of the reader
    when they are sent. `link` may hold a secret token: it is removed once the sending has ended.
    """

    channel = models.CharField(
        _("channel"), max_length=20, choices=[(MAIL, _("Mail")), (SMS, _("Text message"))]
    )
    address = models.CharField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(max_length=200)
    body = models.TextField()
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=120)
    state = models.CharField(
        _("state"), max_length=10, choices=Delivery.State.choices, default=Delivery.State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(null=True)
    sending_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("written"))
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TenantManager()

    class Meta(TenantModel.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [models.UniqueConstraint(fields=["tenant", "source"], name="letter_once")]

    def __str__(self) -> str:
        return self.source
