from datetime import datetime
from typing import Any

from accounts.rights import Actor
from audit.models import Trace


def trace(deed: str, noun: str, noun_id: object, *, by: Actor, at: datetime, **facts: Any) -> None:
    """Writes one line of the audit trail, in the transaction of what it tells of."""
    Trace.objects.create(
        at=at, user_id=by.user_id, party_id=by.party_id, actor=by.label, deed=deed, noun=noun,
        noun_id=str(noun_id), facts=facts,
    )  # fmt: skip
