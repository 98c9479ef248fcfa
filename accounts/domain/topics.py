"""What messages are about, and by which ways they may reach a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

IN_APP, MAIL, SMS, WEBHOOK = "in_app", "mail", "sms", "webhook"
CHANNELS = {IN_APP: _("Inbox"), MAIL: _("Mail"), SMS: _("Text message"), WEBHOOK: _("Webhook")}
GROUPS = {
    "orders": _("Orders and deliveries"),
    "money": _("Money and rebates"),
    "contracts": _("Contracts and guarantees"),
    "prices": _("Prices and schemes"),
    "tiers": _("Tiers"),
    "jobs": _("Long work"),
    "account": _("My account"),
}
BY_DEFAULT = {(MAIL, "contracts"), (MAIL, "money"), (MAIL, "account")}


@dataclass(frozen=True, slots=True)
class Topic:
    """`title` and `body` are messages of the catalogue (marked by gettext_noop), with %(name)s places."""

    code: str
    group: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person, the party for which they are told, and where the matter opens for them."""

    person_id: UUID
    party_id: UUID
    link: str = ""


def wants(chosen: Mapping[tuple[str, str], bool], channel: str, group: str) -> bool:
    """Whether a group goes by a channel; `chosen` by (channel, group). The inbox has everything."""
    return channel == IN_APP or chosen.get((channel, group), (channel, group) in BY_DEFAULT)
