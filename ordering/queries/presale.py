"""Read what a seller needs at an outlet: the outlet, its products and their prices.

The data is stored on a phone. It holds the seller's own prices and schemes for this outlet, but no limits,
no costs, and no terms of others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.rights import OUTLET, Actor
from catalogue.models import Product
from dealers.models import Party
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from kernel.search import search_words
from ordering.models import Order
from pricing.domain.base_price import PriceBook
from pricing.domain.schemes import Scheme
from pricing.queries import unavailable_to
from pricing.queries.published_terms import price_lists_for, schemes_for
from pricing.queries.trade_parties import ProductFacts, two_parties
from tenancy.context import active_tenant_id
from ui.models import local_name

MAX_OUTLETS = 200
MAX_LAST_ORDERS = 5


class NoSuchOutlet(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of the actor's party; `owed` is None if the actor may not see accounts."""

    id: UUID
    code: str
    name: str
    region: str
    channel: str
    address: str
    phone: str
    owed: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From `least` base units on, `price` for `per` of them, from the price list `code`."""

    least: int
    price: Decimal
    per: int
    code: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that the outlet can order. `units` holds (name, base units), the base unit last."""

    sku: str
    name: str
    search: str
    units: tuple[tuple[str, int], ...]
    breaks: tuple[PriceBreak, ...]
    last_qty: int = 0


@dataclass(frozen=True, slots=True)
class Offers:
    """What a seller offers an outlet: the products with prices, and the schemes that apply."""

    products: tuple[Offer, ...]
    schemes: tuple[Scheme, ...]


def outlets_of(actor: Actor) -> QuerySet[Party]:
    """Return the active outlets that the actor's party supplies."""
    own = Party.objects.visible_to(actor).filter(kind=OUTLET, parent_id=actor.party_id, is_active=True)
    found: QuerySet[Party] = own.select_related("region", "channel").order_by("name", "id")
    return found


def outlets_like(actor: Actor, typed: str) -> tuple[list[Party], int]:
    """Return those that match each word, each with the day of its last order, and how many more there are.

    At most MAX_OUTLETS are returned.
    """
    wanted = Q()
    for word in search_words(typed):
        wanted &= Q(search__contains=word)
    latest = Order.objects.filter(buyer_id=OuterRef("id"), seller_id=actor.party_id).order_by("-placed_at")
    rows = outlets_of(actor).filter(wanted).annotate(last_ordered=latest.values("placed_on")[:1])
    first: list[Party] = list(rows[: MAX_OUTLETS + 1])
    more = rows.count() - MAX_OUTLETS if len(first) > MAX_OUTLETS else 0
    return first[:MAX_OUTLETS], more


def outlet_of(actor: Actor, outlet_id: UUID) -> Outlet:
    """Return the outlet. Raises NoSuchOutlet if the actor's party does not supply it."""
    found = outlets_of(actor).filter(id=outlet_id).first()
    if found is None:
        raise NoSuchOutlet(_("This outlet is not one of yours."), field="outlet")
    owed = _owed(actor, outlet_id) if actor.may("ledger.view") else None
    region = found.region.full_name if found.region else ""
    channel = local_name(found.channel)
    return Outlet(found.id, found.code, found.name, region, channel, found.address, found.phone, owed)


def _owed(actor: Actor, outlet_id: UUID) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(a.balance), 0) FROM ledger_account a JOIN ledger_book k"
            " ON k.tenant_id = a.tenant_id AND k.id = a.book_id WHERE k.tenant_id = %s"
            " AND k.seller_id = %s AND k.buyer_id = %s AND a.kind IN ('receivable', 'unapplied')",
            [active_tenant_id(), actor.party_id, outlet_id],
        )
        row = cursor.fetchone()
    return Decimal(row[0]) if row else ZERO_MONEY


def last_orders(actor: Actor, outlet_id: UUID) -> list[Order]:
    """Return the outlet's newest orders from the actor's party."""
    rows = Order.objects.visible_to(actor).filter(buyer_id=outlet_id, seller_id=actor.party_id)
    return list(rows.order_by("-placed_at", "-id")[:MAX_LAST_ORDERS])


def offers_for(*, seller_id: UUID, outlet_id: UUID, on: date) -> Offers:
    """Return the products with a price for the outlet on the day, those of its last order first.

    Products that the outlet cannot order are left out. At most six statements for any number of products.
    Nothing is quoted: prices do not depend on sums.
    """
    seller, buyer = two_parties(seller_id=seller_id, buyer_id=outlet_id, on=on)
    rows = _sold_by(seller.id, outlet_id)
    products = [ProductFacts(row.id, row.sku, row.name, row.tax_rate) for row in rows]
    price_lists = price_lists_for(seller_id=seller.id, buyer=buyer, on=on, products=products)
    book = PriceBook(price_lists, buyer.as_buyer(), on)
    unavailable = unavailable_to(seller, buyer, [row.sku for row in rows], on)
    offers = []
    for row in rows:
        breaks = _breaks(book, row.sku) if row.sku not in unavailable else ()
        if breaks:
            larger = zip(row.units or (), row.factors or (), strict=True)
            named = (*larger, (row.base_unit, 1))
            offers.append(Offer(row.sku, row.name, row.search, named, breaks, int(row.last_qty)))
    offers.sort(key=lambda offer: offer.last_qty == 0)
    schemes = schemes_for(seller_id=seller.id, buyer=buyer, skus=[row.sku for row in rows], on=on)
    return Offers(tuple(offers), tuple(one.scheme for one in schemes))


class _Sold(NamedTuple):
    """A product with a price of the seller; larger units by size, `last_qty` from the outlet's last order."""

    id: UUID
    sku: str
    name: str
    search: str
    base_unit: str
    tax_rate: Decimal
    units: list[str] | None
    factors: list[int] | None
    last_qty: int


def _sold_by(seller_id: UUID, outlet_id: UUID) -> list[_Sold]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.sku, p.name, p.search, p.base_unit, p.tax_rate, u.units, u.factors,"
            " coalesce(last.qty, 0) FROM catalogue_product p"
            " LEFT JOIN catalogue_category c ON c.tenant_id = p.tenant_id AND c.id = p.category_id"
            " LEFT JOIN (SELECT product_id, array_agg(name ORDER BY factor) AS units,"
            "  array_agg(factor ORDER BY factor) AS factors FROM catalogue_unit"
            "  WHERE tenant_id = %(tenant)s GROUP BY product_id) u ON u.product_id = p.id"
            " LEFT JOIN (SELECT l.product_id, sum(l.qty) AS qty FROM ordering_orderline l"
            "  WHERE l.tenant_id = %(tenant)s AND l.qty > 0 AND l.order_id = (SELECT o.id"
            "   FROM ordering_order o WHERE o.tenant_id = %(tenant)s AND o.buyer_id = %(outlet)s"
            "   AND o.seller_id = %(seller)s AND o.state <> 'cancelled'"
            "   ORDER BY o.placed_at DESC, o.id DESC LIMIT 1)"
            "  GROUP BY l.product_id) last ON last.product_id = p.id"
            " WHERE p.tenant_id = %(tenant)s AND p.stage <> 'ended' AND EXISTS (SELECT 1"
            "  FROM pricing_priceentry e JOIN pricing_pricelist i"
            "  ON i.tenant_id = e.tenant_id AND i.id = e.price_list_id"
            "  WHERE e.tenant_id = p.tenant_id AND e.product_id = p.id AND i.seller_id = %(seller)s"
            "  AND i.state = 'published')"
            " ORDER BY c.code, p.sku",
            {"tenant": active_tenant_id(), "seller": seller_id, "outlet": outlet_id},
        )
        return [_Sold(*row) for row in cursor.fetchall()]


def ended_skus(skus: Sequence[str]) -> set[str]:
    """Return those of the SKUs that are unknown or no longer sold."""
    known = Product.objects.filter(sku__in=list(skus)).exclude(stage=Product.Stage.ENDED)
    return set(skus) - set(known.values_list("sku", flat=True))


def _breaks(book: PriceBook, sku: str) -> tuple[PriceBreak, ...]:
    """Return the base price by quantity: each quantity from which it changes, and the price from there on."""
    found: list[PriceBreak] = []
    for least in sorted({1, *(one.entry.min_qty for one in book.candidates(sku) if one.entry.min_qty > 1)}):
        chosen = book.choose(sku, least)
        if chosen is None:
            continue
        one = PriceBreak(least, chosen.entry.price, chosen.entry.per, chosen.price_list.code)
        if not found or (found[-1].price, found[-1].per) != (one.price, one.per):
            found.append(one)
    return tuple(found)
