"""What a dealer buys in a year: the goods that it sells, in proportion to its sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from demo.operations.prices import factory_price
from demo.operations.scenario import Ware
from kernel.money import ZERO

RESTOCKED = 1.08


def best_sellers(wares: Sequence[Ware], sold: Mapping[UUID, Decimal], count: int) -> list[Ware]:
    """Return the products of which a dealer sold the most; `sold` is money by product."""
    return sorted(wares, key=lambda ware: (-sold.get(ware.id, ZERO), ware.sku))[:count]


def size_to_restock(
    sold: Mapping[UUID, Decimal],
    goods: Sequence[Ware],
    *,
    orders: int,
    lines: tuple[int, int],
    cases: tuple[int, int],
) -> float:
    """Return the factor on the cases of each line by which a dealer buys RESTOCKED times what it sold.

    `lines` and `cases` are the least and the most of an order and of a line.
    """
    case = sum(float(factory_price(ware)) * ware.case for ware in goods) / len(goods)
    bought = max(orders, 1) * min(sum(lines) / 2, len(goods)) * sum(cases) / 2 * case
    return RESTOCKED * float(sum(sold.values())) / bought
