"""A conflict between two edits of one draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ordering.domain.quick_order.cart_lines import CartLine


@dataclass(frozen=True, slots=True)
class DifferingLine:
    """A product of which the two drafts order something else; None: a draft has no line of it."""

    sku: str
    mine: CartLine | None
    stored: CartLine | None


def differing_lines(mine: Sequence[CartLine], stored: Sequence[CartLine]) -> list[DifferingLine]:
    """Return the lines that are not equal in both drafts, mine first."""
    ours, others = ({line.sku: line for line in lines} for lines in (mine, stored))
    return [
        DifferingLine(sku, ours.get(sku), others.get(sku))
        for sku in dict.fromkeys([*ours, *others])
        if ours.get(sku) != others.get(sku)
    ]
