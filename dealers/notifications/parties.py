"""Notifications to many parties, each with a link to its own page or row."""

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
    params: dict[str, Any],
    source: str,
    at: datetime,
) -> None:
    """Notify the people of each party. `rows` maps a party to the id of its row; None for no id."""
    parties = sorted(rows)
    for start in range(0, len(parties), PARTIES_PER_CALL):
        found = people_of(
            parties[start : start + PARTIES_PER_CALL], right=right, link="desk", phone_link="phone"
        )
        people = [
            Addressee(one.person_id, one.party_id, _own(noun, rows[one.party_id], one.link)) for one in found
        ]
        tell(topic=topic, people=people, params=params, source=source, at=at)


def _own(noun: str, noun_id: UUID | None, portal: str) -> str:
    return str(link_to(noun, noun_id)["phone_link" if portal == "phone" else "link"])


def as_day(day: date) -> dict[str, str]:
    """Return a day as a message parameter, formatted in the language of the reader."""
    return {"day": day.isoformat()}


def as_last_day(until: date) -> dict[str, str]:
    """Return the last day of a half-open period as a message parameter."""
    return {"day": (until - timedelta(days=1)).isoformat()}
