"""Parts of a line's money: by its running total, so that however it is split the parts add up."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import as_cents, from_cents


def part_until(amount: Decimal, done: int, whole: int) -> Decimal:
    """`amount` for the first `done` of `whole` units, rounded half up. None of none is nothing."""
    if not whole:
        return from_cents(0)
    total = as_cents(amount)
    size = (2 * abs(total) * done + whole) // (2 * whole)
    return from_cents(size if total >= 0 else -size)


def part(amount: Decimal, before: int, now: int, whole: int) -> Decimal:
    """What of `amount` belongs to the units after `before` up to `now`."""
    return part_until(amount, now, whole) - part_until(amount, before, whole)
