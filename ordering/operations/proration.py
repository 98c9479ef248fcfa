"""Divide the money of a line between parts of its units, by running totals, so that the parts add up."""

from __future__ import annotations

from decimal import Decimal

from kernel.money import as_cents, from_cents
from ordering.queries.orders import LineFacts


def part_until(amount: Decimal, done: int, total_units: int) -> Decimal:
    """Return the share of `amount` for the first `done` of `total_units` units, rounded half up.

    The share of zero units in all is zero.
    """
    if not total_units:
        return from_cents(0)
    total = as_cents(amount)
    size = (2 * abs(total) * done + total_units) // (2 * total_units)
    return from_cents(size if total >= 0 else -size)


def part(amount: Decimal, before: int, now: int, total_units: int) -> Decimal:
    """Return the share of `amount` for the units after `before` up to `now`."""
    return part_until(amount, now, total_units) - part_until(amount, before, total_units)


def split(line: LineFacts, before: int, now: int) -> tuple[Decimal, Decimal]:
    """Return net and tax of the line's units after `before` up to `now`.

    The amount and the tax follow their running totals: a unit at full cents costs its price in every part.
    Below one cent a unit, the net follows its own running total, so that it is never negative.
    `ordering.queries.reconciliation` computes the same in SQL.
    """
    tax = part(line.tax, before, now, line.qty)
    if as_cents(line.net) < line.qty:
        return part(line.net, before, now, line.qty), tax
    return part(line.amount, before, now, line.qty) - tax, tax
