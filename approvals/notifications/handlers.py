"""Event handlers that notify those who may approve, and those who asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.domain.topics import Addressee
from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from approvals.models import Approval
from approvals.notifications import topics
from approvals.registry import kind_of
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on


@on("approvals.requested")
def requested(body: dict[str, Any], at: datetime) -> None:
    """Notify the others of the party who may approve it."""
    one = _pending_or_decided(body)
    if one is None or one.state != Approval.State.PENDING:
        return
    people = people_of(
        [one.party_id], right=kind_of(one.kind).right, about=one.about_id, **link_to("approval", one.id)
    )
    others = [person for person in people if person.person_id != one.requested_by_id]
    params = {"person": str(one.requested_by), "title": one.title}
    tell(topic=topics.REQUESTED, people=others, params=params, source=f"approval:{one.id}", at=at)


@on("approvals.decided")
def decided(body: dict[str, Any], at: datetime) -> None:
    """Notify the person who asked of the decision."""
    one = _pending_or_decided(body)
    if one is None or one.decided_by is None:
        return
    topic = topics.APPROVED if one.state == Approval.State.APPROVED else topics.REJECTED
    link = link_to("approval", one.id)["link"]
    params = {"person": str(one.decided_by), "title": one.title, "reason": one.reason}
    people = [Addressee(one.requested_by_id, one.party_id, link)]
    tell(topic=topic, people=people, params=params, source=f"approval:{one.id}:decided", at=at)


def _pending_or_decided(body: dict[str, Any]) -> Approval | None:
    rows = Approval.objects.select_related("requested_by", "decided_by")
    found: Approval | None = rows.filter(id=body["approval_id"]).first()
    return found
