"""Tell many parties of something that each has its own page or row of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.domain.topics import Addressee
from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.notifications.recipients import people_of
from tenancy.rooms import NotificationTopic

PARTIES_PER_CALL = 2_000


def tell_each_party(
    topic: NotificationTopic,
    rows: dict[UUID, Any],
    noun: str,
    right: str,
    said: dict[str, Any],
    source: str,
    at: datetime,
) -> None:
    """Tell each party's people of its own row (the dict's value, None for a page without one)."""
    parties = sorted(rows)
    for start in range(0, len(parties), PARTIES_PER_CALL):
        found = people_of(
            parties[start : start + PARTIES_PER_CALL], right=right, link="desk", phone_link="phone"
        )
        people = [
            Addressee(one.person_id, one.party_id, _own(noun, rows[one.party_id], one.link)) for one in found
        ]
        tell(topic=topic, people=people, params=said, source=source, at=at)


def _own(noun: str, noun_id: UUID | None, door: str) -> str:
    return str(link_to(noun, noun_id)["phone_link" if door == "phone" else "link"])


def as_day(day: date) -> dict[str, str]:
    """Return a day as a parameter of a message, which its reader's language formats."""
    return {"day": day.isoformat()}


def as_last_day(until: date) -> dict[str, str]:
    """Return the last day of a half-open period, as a parameter of a message."""
    return {"day": (until - timedelta(days=1)).isoformat()}
