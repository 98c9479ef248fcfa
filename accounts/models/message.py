"""Models of messages to a person and of their delivery."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class MessageQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> MessageQuerySet:
        """Return the actor's own messages for the party that they act for."""
        if actor.user_id is None or actor.party_id is None:
            return self.none()
        return self.filter(person_id=actor.user_id, party_id=actor.party_id)


class Message(TenantModel):
    """A notification to one person who acts for one party.

    `title` and `body` are messages of the catalogue with %(name)s placeholders. They are filled with
    `params` in the reader's language when the message is read. A person gets one message per `source`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    party_id = models.UUIDField()
    topic = models.CharField(max_length=60)
    group = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200)
    created_at = models.DateTimeField(_("notified"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MessageQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "party_id", "source"], name="message_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "person", "party_id", "-id"], name="message_newest"),
            models.Index(
                fields=["tenant", "person", "party_id"],
                condition=models.Q(read_at=None),
                name="message_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.source


class Preference(TenantModel):
    """A person's choice whether a group of topics is sent by a channel; without a row the default holds."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    group = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    wanted = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person", "group", "channel"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.channel}"


class Hook(TenantModel):
    """A person's webhook; posts are signed with `secret` (standard-webhooks: whsec_…).

    After `failures` consecutive failures nothing is posted before `rests_until`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(max_length=80)
    failures = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "person"], name="hook_once")]

    def __str__(self) -> str:
        return self.url


class Delivery(TenantModel):
    """The delivery of a message by one channel: at most one for each message and channel.

    It is not sent before `due_at`. The worker that sends it holds it until `sending_until`. `target` is
    the host of a webhook, set by the first attempt.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    message = TenantForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    target = models.CharField(max_length=253, blank=True)
    due_at = models.DateTimeField(null=True)
    sending_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("delivery of a message")
        verbose_name_plural = _("deliveries of messages")
        constraints = [models.UniqueConstraint(fields=["tenant", "message", "channel"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["tenant", "target", "id"],
                condition=models.Q(state="waiting") & ~models.Q(target=""),
                name="delivery_to_target",
            ),
            models.Index(
                fields=["tenant", "sending_until"],
                condition=models.Q(sending_until__isnull=False),
                name="delivery_being_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
