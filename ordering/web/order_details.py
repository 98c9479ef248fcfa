"""What the pages of orders, shipments and receipts display of products and parties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from catalogue.models import Product
from catalogue.queries import packings_of
from dealers.models import Party
from kernel.quantities import Packing
from ordering.queries.orders import LineFacts, OrderFacts


def lines_of(order: OrderFacts) -> list[tuple[LineFacts, Packing | None]]:
    """Return the lines of an order, each with the units of its product. One statement."""
    return with_packings(order.lines)


def with_packings(lines: Iterable[Any]) -> list[tuple[Any, Packing | None]]:
    """Return the lines, each with the units of its product. One statement."""
    listed = list(lines)
    packings = packings_of(line.product_id for line in listed)
    return [(line, packings.get(line.product_id)) for line in listed]


def with_names(lines: Iterable[Any]) -> list[tuple[Any, str, Packing | None]]:
    """Return the lines, each with the name and the units of its product. Two statements."""
    pairs = with_packings(lines)
    products = Product.objects.filter(id__in=[line.product_id for line, _packing in pairs])
    names = dict(products.values_list("id", "name"))
    return [(line, names.get(line.product_id, ""), packing) for line, packing in pairs]


def parties_of(order: OrderFacts) -> dict[str, Party]:
    """Return the buyer and the seller with address and contact. One statement."""
    return parties_by_side(seller_id=order.seller_id, buyer_id=order.buyer_id)


def parties_by_side(*, seller_id: UUID, buyer_id: UUID) -> dict[str, Party]:
    found = Party.objects.in_bulk([seller_id, buyer_id])
    return {"seller": found[seller_id], "buyer": found[buyer_id]}
