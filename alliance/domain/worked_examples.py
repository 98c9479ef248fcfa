"""Worked examples of what a clause owes, for the person who drafts or signs it.

They are computed by the rules that measure the contract, on figures made up from the clause's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from alliance.domain.minimum_income import MinimumIncomeRequest, top_ups
from alliance.domain.spread import Sale, owed_on
from kernel.money import cents, exact, unit_price

UNITS = 100
EVENTS = 3
MAX_EVENTS = 50
_TENTH, _FOUR_FIFTHS, _SIX_FIFTHS = Decimal("0.1"), Decimal("0.8"), Decimal("1.2")


@dataclass(frozen=True, slots=True)
class SpreadExample:
    """`units` bought at `price`, one tenth of the guaranteed spread too dear."""

    units: int
    price: Decimal
    spread: Decimal
    owed: Decimal


@dataclass(frozen=True, slots=True)
class EventExample:
    """`events` in one month; `owed` is at most the cap."""

    events: int
    owed: Decimal
    is_capped: bool


@dataclass(frozen=True, slots=True)
class IncomeExample:
    """Three periods' income and what tops each up; in the second one it exceeds the minimum."""

    earned: tuple[Decimal, ...]
    top_ups: tuple[Decimal, ...]


@exact
def spread_example(guaranteed: Decimal, advised_resale: Decimal) -> SpreadExample:
    """Return what is owed when the member buys at a price that leaves nine tenths of the spread."""
    price = unit_price(advised_resale - guaranteed + guaranteed * _TENTH)
    line = owed_on(guaranteed, Sale(price, advised_resale, UNITS))
    return SpreadExample(UNITS, price, line.spread, line.amount)


@exact
def event_example(owed_per_event: Decimal, monthly_cap: Decimal | None) -> EventExample:
    """Return what a month with a few events owes: with a cap, one event more than the cap pays."""
    if monthly_cap is None or not owed_per_event:
        return EventExample(EVENTS, cents(owed_per_event * EVENTS), is_capped=False)
    events = min(MAX_EVENTS, int(monthly_cap // owed_per_event) + 1)
    full = owed_per_event * events
    return EventExample(events, cents(min(full, monthly_cap)), is_capped=full > monthly_cap)


@exact
def income_example(guaranteed: Decimal, *, cumulative: bool) -> IncomeExample:
    """Return the top-ups of three periods with 80, 120 and 90 per cent of the minimum."""
    earned = (
        cents(guaranteed * _FOUR_FIFTHS),
        cents(guaranteed * _SIX_FIFTHS),
        cents(guaranteed * (1 - _TENTH)),
    )
    return IncomeExample(earned, top_ups(MinimumIncomeRequest(guaranteed, earned, cumulative)).top_ups)
