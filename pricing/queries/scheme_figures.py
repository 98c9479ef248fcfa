"""What orders have used of a scheme, and the prices of its worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from catalogue.models import Product
from catalogue.queries import categories_inside
from kernel.money import ZERO_MONEY
from pricing.domain.schemes import FreeGoods
from pricing.domain.schemes import Scheme as DomainScheme
from pricing.domain.worked_example import Priced
from pricing.models import PriceEntry, Scheme, SchemeUse

MAX_BUYERS = 100
MAX_EXAMPLE_PRODUCTS = 20


@dataclass(frozen=True, slots=True)
class BuyerUse:
    code: str
    name: str
    orders: int
    units: int
    money: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What is in use; `buyers` are those with the most money saved, at most MAX_BUYERS."""

    orders: int
    count: int
    units: int
    money: Decimal
    buyers: tuple[BuyerUse, ...]


def scheme_figures(scheme: Scheme, buyer_id: UUID | None = None) -> Figures:
    """Return what orders use of a scheme, or the orders of one buyer. Two statements."""
    uses = SchemeUse.objects.filter(scheme=scheme, units__gt=0)
    if buyer_id is not None:
        uses = uses.filter(buyer=buyer_id)
    total = uses.aggregate(
        orders=Count("id"), count=Count("buyer", distinct=True), units=Sum("units"), money=Sum("money")
    )
    rows = (
        uses.order_by()
        .values("buyer__code", "buyer__name")
        .annotate(orders=Count("id"), used=Sum("units"), saved=Sum("money"))
        .order_by("-saved", "buyer__code")[:MAX_BUYERS]
    )
    buyers = [
        BuyerUse(row["buyer__code"], row["buyer__name"], row["orders"], row["used"], row["saved"])
        for row in rows
    ]
    return Figures(
        total["orders"], total["count"], total["units"] or 0, total["money"] or ZERO_MONEY, tuple(buyers)
    )


def example_prices(scheme: Scheme, read: DomainScheme) -> tuple[Mapping[str, Priced], str]:
    """Return prices of the seller's published lists by SKU, and a SKU for the example.

    Four statements at most. The highest price of the smallest quantity stands for all lists.
    """
    named = set(sorted(read.skus or ())[:MAX_EXAMPLE_PRODUCTS])
    if isinstance(read, FreeGoods) and read.gift_sku:
        named.add(read.gift_sku)
    entries = PriceEntry.objects.filter(
        price_list__seller=scheme.seller_id, price_list__state="published"
    ).order_by("min_qty", "-price")
    wanted = Q(product__sku__in=named)
    if read.skus is None:
        codes = scheme.terms.get("categories")
        products = Product.objects.all()
        if codes:
            products = products.filter(category__in=set().union(*categories_inside(codes).values()))
        some = entries.filter(product__in=products).values_list("product__sku", flat=True).first()
        sku = some or products.order_by("sku").values_list("sku", flat=True).first() or "SKU"
        wanted |= Q(product__sku=sku)
    else:
        sku = min(read.skus, default="SKU")
    prices: dict[str, Priced] = {}
    for name, price, per in entries.filter(wanted).values_list("product__sku", "price", "per")[:1000]:
        prices.setdefault(name, Priced(price, per))
    return prices, sku
