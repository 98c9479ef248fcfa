"""Send the notifications of a settlement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.notifications.parties import as_day, as_last_day, tell_each_party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from rebates.models import Settlement, Statement
from rebates.notifications import topics


@on("rebates.settled")
def settled(body: dict[str, Any], at: datetime) -> None:
    """Notify the people of the seller who may settle, then each party of its own statement."""
    one = Settlement.objects.select_related("program").get(id=body["settlement_id"])
    params = {
        "program": one.program.name,
        "start": as_day(one.starts_on),
        "end": as_last_day(one.until),
        "parties": str(one.parties),
        "due": {"money": str(one.due)},
    }
    people = people_of([one.program.seller_id], right="rebate.settle", **link_to("settlement", one.id))
    tell(topic=topics.SETTLED, people=people, params=params, source=f"settled:{one.id}", at=at)
    rows = dict(Statement.objects.filter(settlement=one).values_list("party_id", "id"))
    tell_each_party(topics.STATEMENT, rows, "statement", "rebate.view", params, f"statement:{one.id}", at)
