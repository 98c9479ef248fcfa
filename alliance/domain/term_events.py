"""What happened to the term of a contract, and whether it fulfils or breaks the term guarantee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

EARLY_END, NOTICE, RENEWAL = "early_end", "notice", "renewal"


@dataclass(frozen=True, slots=True)
class TermEvent:
    """One thing that happened to a contract, measured by `metric`.

    `contract_id` is the version in force when it happened, `on` the first day after the end or the first day
    of the change. `notice_days` are the days between the announcement and the change or, for a renewal,
    between the offer and the end; None if nothing was announced or offered. `what` is the kind of event,
    `role` the side that caused an end ("" for a change that all three signed), `next_id` the version that
    follows.
    """

    contract_id: UUID
    metric: str
    on: date
    notice_days: int | None = None
    what: str = ""
    role: str = ""
    next_id: UUID | None = None


def is_met(event: TermEvent, *, target: Decimal | None) -> bool:
    """Return whether an event fulfils its guarantee; an early end never does.

    `target` is the least number of days; without one any announcement is in time.
    """
    if event.metric == EARLY_END or event.notice_days is None:
        return False
    return target is None or event.notice_days >= target
