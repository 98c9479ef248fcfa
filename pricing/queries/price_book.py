"""The price book: the resolved prices of a buyer's products, in a constant number of statements.

Nothing is stored for a buyer: lists, entries and schemes are read as for a quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from assortment.queries.availability import Unavailable, products_offered_to
from catalogue.models import Product
from pricing.domain.base_price import PriceBook
from pricing.domain.price_book import PriceBreak, price_breaks
from pricing.domain.schemes import Scheme
from pricing.models import PriceEntry
from pricing.queries.published_terms import list_ids_for, price_lists_for, schemes_for
from pricing.queries.quotes import unavailable_to
from pricing.queries.trade_parties import ProductFacts, TradeParties, two_parties


@dataclass(frozen=True, slots=True)
class BookPrice:
    """The prices of a product by quantity, and the codes of the schemes that cover it.

    `unavailable` says why the buyer cannot order it now, whatever it costs.
    """

    product: ProductFacts
    breaks: tuple[PriceBreak, ...]
    schemes: tuple[str, ...]
    unavailable: Unavailable | None = None


def price_book(*, seller_id: UUID, buyer_id: UUID, on: date) -> list[BookPrice]:
    """Return all products that the seller has a price of for the buyer on the day, by SKU.

    Seven statements, and one more for prices that this process has not read yet. Raise UnknownParty.
    """
    parties = two_parties(seller_id=seller_id, buyer_id=buyer_id, on=on)
    rows = priced_products(parties, on=on).order_by("sku").values_list("id", "sku", "name", "tax_rate")
    products = [ProductFacts(*row) for row in rows]
    return list(prices_of(parties, products, on=on).values())


def priced_products(parties: TradeParties, *, on: date) -> QuerySet[Product]:
    """Return the products that are for sale to the buyer and priced in a list for it on the day."""
    seller, buyer = parties
    lists = list_ids_for(seller_id=seller.id, buyer=buyer, on=on)
    entries = PriceEntry.objects.filter(price_list_id__in=lists, product=OuterRef("pk"))
    offered = products_offered_to(buyer_id=buyer.id, channel=buyer.channel, on=on)
    return offered.filter(Exists(entries))


def prices_of(
    parties: TradeParties, products: Sequence[ProductFacts], *, on: date
) -> Mapping[str, BookPrice]:
    """Return the prices of the products by SKU, in their order.

    Three statements, and one more for prices that this process has not read yet.
    """
    seller, buyer = parties
    if not products:
        return {}
    in_force = schemes_for(seller_id=seller.id, buyer=buyer, skus=[one.sku for one in products], on=on)
    schemes = sorted([one.scheme for one in in_force], key=lambda one: (-one.priority, one.code))
    lists = price_lists_for(seller_id=seller.id, buyer=buyer, on=on, products=products)
    unavailable = unavailable_to(seller, buyer, [one.sku for one in products], on)
    book = PriceBook(lists, buyer.as_buyer(), on)
    for_all, for_some = _by_sku(schemes)
    found = {}
    for product in products:
        sku = product.sku
        covering = [*for_some.get(sku, ()), *for_all]
        breaks = price_breaks(book.candidates(sku), covering)
        found[sku] = BookPrice(product, breaks, tuple([one.code for one in covering]), unavailable.get(sku))
    return found


def _by_sku(schemes: Sequence[Scheme]) -> tuple[list[Scheme], dict[str, list[Scheme]]]:
    """Return the schemes that cover every product, and those of some products by SKU."""
    for_all = [one for one in schemes if one.skus is None]
    for_some: dict[str, list[Scheme]] = {}
    for scheme in schemes:
        for sku in scheme.skus or ():
            for_some.setdefault(sku, []).append(scheme)
    return for_all, for_some
