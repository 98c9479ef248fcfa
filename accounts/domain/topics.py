"""Topics of messages, and the channels by which they reach a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tenancy.rooms import NotificationGroup, registered

IN_APP, MAIL, SMS, WEBHOOK = "in_app", "mail", "sms", "webhook"
CHANNELS = {IN_APP: _("Inbox"), MAIL: _("Mail"), SMS: _("Text message"), WEBHOOK: _("Webhook")}


@cache
def groups() -> dict[str, NotificationGroup]:
    """Return the groups of topics that the rooms registered, by their code."""
    return {group.code: group for group in registered("notification_groups")}


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to notify, the party that they act for, and the URL of the subject for them."""

    person_id: UUID
    party_id: UUID
    link: str = ""


def wants(chosen: Mapping[tuple[str, str], bool], channel: str, group: str) -> bool:
    """Return whether a group of topics is sent by a channel.

    `chosen` holds the person's choices by (channel, group). The inbox gets every message.
    """
    known = groups().get(group)
    by_default = channel == MAIL and known is not None and known.by_mail
    return channel == IN_APP or chosen.get((channel, group), by_default)
