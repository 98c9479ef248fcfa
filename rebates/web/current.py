"""The rebate of the current period as the homes display it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils.formats import date_format

from rebates.queries.current_period import CurrentRebate
from rebates.web.steps import program_steps
from ui.web.components import Steps


@dataclass(frozen=True, slots=True)
class CurrentProgress:
    """A program's rebate so far in a period that is not settled yet. `earned` is money."""

    program: str
    period: str
    earned: Decimal
    steps: Steps | None


def progress_of(current: CurrentRebate) -> CurrentProgress:
    start, until = current.period.from_, current.period.until
    assert start is not None
    assert until is not None
    last = until - timedelta(days=1)
    return CurrentProgress(
        current.program.name,
        f"{date_format(start, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}",
        current.earned,
        program_steps(current.program.tiers, current.base, current.program.measure),
    )
