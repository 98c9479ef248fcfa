"""Parts of a line's money: by its running total, so that however it is split the parts add up."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import as_cents, from_cents
from ordering.queries.orders import LineFacts


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


def split(line: LineFacts, before: int, now: int) -> tuple[Decimal, Decimal]:
    """Net and tax of the line's units after `before` up to `now`.

    What the buyer pays goes by the running total, and the tax in it: so a unit at whole cents costs
    its price in whichever part it comes. Below a cent for a unit the net goes by itself, so that it
    is never negative. `ordering.queries.reconciliation` does the same in SQL.
    """
    tax = part(line.tax, before, now, line.qty)
    if as_cents(line.net) < line.qty:
        return part(line.net, before, now, line.qty), tax
    return part(line.amount, before, now, line.qty) - tax, tax
