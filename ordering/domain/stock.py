"""Compute the available to promise, now and later. Source: rules.md, stock (cumulative ATP).

Quantities are whole base units of one product at one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Movement:
    """An expected change on a day: a receipt is positive, an issue negative."""

    day: date
    qty: int


@dataclass(frozen=True, slots=True)
class StockRequest:
    """The stock of a product: `hard` is reserved for orders, `soft` for carts and pre-sales."""

    on_hand: int
    safety: int
    quarantine: int
    hard: int
    soft: int
    future: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Available:
    """The stock from `day` on (None: now).

    `raw` may be negative; `promise`, what can be sold, is at least 0.
    """

    day: date | None
    raw: int
    promise: int


def available(stock: StockRequest) -> tuple[Available, ...]:
    """Return the stock now and after each day with movements; a promise is the lowest raw from its day on."""
    days = _by_day(stock.future)
    now = stock.on_hand - stock.safety - stock.quarantine - stock.hard - stock.soft
    raw = list(accumulate(days.values(), initial=now))
    lowest = list(accumulate(reversed(raw), min))[::-1]
    return tuple(
        Available(day, level, max(low, 0)) for day, level, low in zip([None, *days], raw, lowest, strict=True)
    )


def _by_day(movements: Iterable[Movement]) -> dict[date, int]:
    days: dict[date, int] = {}
    for movement in sorted(movements, key=lambda movement: movement.day):
        days[movement.day] = days.get(movement.day, 0) + movement.qty
    return days
