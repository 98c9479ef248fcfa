"""The daily digest of duties: one message for each person who has some due soon or overdue."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.notifications import topics
from alliance.queries.duties import reminders
from jobs.operations.outbox import on


@on("alliance.duties_due")
def duties_due(body: dict[str, Any], at: datetime) -> None:
    """Remind each person of the own duties, once a day."""
    today = date.fromisoformat(body["day"])
    for waiting, people in reminders(today, links=link_to("duties")).items():
        params = {"due": waiting.due, "overdue": waiting.overdue}
        source = f"{topics.DUTIES_DUE.code}:{today.isoformat()}"
        tell(topic=topics.DUTIES_DUE, people=people, params=params, source=source, at=at)
