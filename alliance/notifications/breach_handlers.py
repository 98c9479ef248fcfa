"""Event handlers that notify the dealer and the member of a breach, and staff of a reply.

A monthly run opens as many breaches as there are contracts that were not fulfilled. The manufacturer's
people find those in the list of breaches, to which their home counts them, and get no message of each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from accounts.domain.topics import Addressee
from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.domain.breach import payable
from alliance.models import Breach
from alliance.notifications import topics
from dealers.models import Party
from dealers.notifications.parties import as_day
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from tenancy.rooms import NotificationTopic

KIND_NAMES = {
    "region": gettext_noop("Region guarantee"),
    "term": gettext_noop("Term guarantee"),
    "spread": gettext_noop("Spread guarantee"),
    "service": gettext_noop("Service guarantee"),
}


@on("guarantee.broken")
def broken(body: dict[str, Any], at: datetime) -> None:
    """Notify the dealer and the member that a guarantee was not met, and until when to reply."""
    _tell(body, topics.GUARANTEE_BROKEN, at, both=True)


@on("breach.reply_due")
def reply_due(body: dict[str, Any], at: datetime) -> None:
    """Remind the partners at fault that have not replied."""
    _tell(body, topics.BREACH_REPLY_DUE, at)


@on("breach.replied")
def replied(body: dict[str, Any], at: datetime) -> None:
    """Notify the people who decide of a reply."""
    replier = Party.objects.filter(id=body["party_id"]).values_list("name", flat=True).first() or ""
    breach = _read(body)
    people = _people(breach, {breach.contract.manufacturer_id}, right="breach.decide")
    params = _params(breach) | {"replier": replier}
    source = f"breach.replied:{breach.id}:{body['party_id']}"
    tell(topic=topics.BREACH_REPLIED, people=people, params=params, source=source, at=at)


@on("breach.decided")
def decided(body: dict[str, Any], at: datetime) -> None:
    """Notify the dealer and the member of the decision."""
    _tell(body, topics.BREACH_DECIDED, at, both=True)


def _tell(body: dict[str, Any], topic: NotificationTopic, at: datetime, *, both: bool = False) -> None:
    breach = _read(body)
    contract = breach.contract
    if both:
        people = _people(breach, {contract.dealer_id, contract.member_id}, right="contract.view")
    else:
        answered = set(breach.replies.values_list("party_id", flat=True))
        owing = set(breach.shares.values_list("party_id", flat=True))
        silent = owing - answered - {contract.manufacturer_id}
        people = _people(breach, silent, right="breach.reply")
    source = f"{topic.code}:{breach.id}"
    tell(topic=topic, people=people, params=_params(breach), source=source, at=at)


def _read(body: dict[str, Any]) -> Breach:
    found: Breach = Breach.objects.select_related("contract__member").get(id=body["breach_id"])
    return found


def _people(breach: Breach, parties: set[UUID], *, right: str) -> list[Addressee]:
    return people_of(parties, right=right, about=breach.contract.member_id, **link_to("breach", breach.id))


def _params(breach: Breach) -> dict[str, Any]:
    due = payable(breach.amount, breach.decision, breach.decided_amount)
    return {
        "code": breach.contract.code,
        "member": breach.contract.member.name,
        "month": f"{breach.month:%Y-%m}",
        "kind": {"words": KIND_NAMES[breach.kind]},
        "owed": {"money": str(breach.amount)},
        "payable": {"money": str(due)},
        "reply_by": as_day(breach.reply_by),
    }
