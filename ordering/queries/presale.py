"""What a seller's person needs at an outlet: the outlet, what it can order and at what price.

All of it is the seller's own: its prices for this outlet and its schemes. No limit, no cost and
nobody else's terms are among it, for it is kept on a phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.rights import OUTLET, Actor
from catalogue.models import Product, Unit
from dealers.models import Party
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from kernel.search import search_words
from ordering.models import Order
from pricing.domain.prices import PriceBook
from pricing.domain.schemes import Scheme
from pricing.models import PriceEntry
from pricing.queries import quote_for
from tenancy.context import active_tenant_id

MOST_OUTLETS = 200
LAST_ORDERS = 5


class NoSuchOutlet(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of the actor's own; `owed` None where the actor may not see accounts."""

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
    """From `least` base units on: `price` for `per` of them, by the list `code`."""

    least: int
    price: Decimal
    per: int
    code: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that the outlet can order. `units`: (name, base units), the base unit last."""

    sku: str
    name: str
    search: str
    units: tuple[tuple[str, int], ...]
    breaks: tuple[PriceBreak, ...]
    last_qty: int = 0


@dataclass(frozen=True, slots=True)
class Offers:
    products: tuple[Offer, ...]
    schemes: tuple[Scheme, ...]


def outlets_of(actor: Actor) -> QuerySet[Party]:
    """The active outlets that the actor's own party supplies."""
    own = Party.objects.visible_to(actor).filter(kind=OUTLET, parent_id=actor.party_id, is_active=True)
    found: QuerySet[Party] = own.select_related("region", "channel").order_by("name", "id")
    return found


def outlets_like(actor: Actor, typed: str) -> list[Party]:
    """At most 200 of them, those that hold each word typed; each with the day it last ordered."""
    wanted = Q()
    for word in search_words(typed):
        wanted &= Q(search__contains=word)
    latest = Order.objects.filter(buyer_id=OuterRef("id"), seller_id=actor.party_id).order_by("-placed_at")
    rows = outlets_of(actor).filter(wanted).annotate(last_ordered=latest.values("placed_on")[:1])
    return list(rows[:MOST_OUTLETS])


def outlet_of(actor: Actor, outlet_id: UUID) -> Outlet:
    """Raises NoSuchOutlet for one that the actor's party does not supply."""
    found = outlets_of(actor).filter(id=outlet_id).first()
    if found is None:
        raise NoSuchOutlet(_("This outlet is not one of yours."), field="outlet")
    owed = _owed(actor, outlet_id) if actor.may("ledger.view") else None
    region = found.region.full_name if found.region else ""
    channel = found.channel.name if found.channel else ""
    return Outlet(found.id, found.code, found.name, region, channel, found.address, found.phone, owed)


def _owed(actor: Actor, outlet_id: UUID) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(a.balance), 0) FROM ledger_account a JOIN ledger_book k"
            " ON k.tenant_id = a.tenant_id AND k.id = a.book_id WHERE k.tenant_id = %s"
            " AND k.seller_id = %s AND k.buyer_id = %s AND a.kind = 'receivable'",
            [active_tenant_id(), actor.party_id, outlet_id],
        )
        row = cursor.fetchone()
    return Decimal(row[0]) if row else ZERO_MONEY


def last_orders(actor: Actor, outlet_id: UUID) -> list[Order]:
    """The outlet's newest orders from the actor's party."""
    rows = Order.objects.visible_to(actor).filter(buyer_id=outlet_id, seller_id=actor.party_id)
    return list(rows.order_by("-placed_at", "-id")[:LAST_ORDERS])


def offers_for(*, seller_id: UUID, outlet_id: UUID, on: date) -> Offers:
    """Every product with a price for the outlet on the day, those it ordered last first.

    Eight statements, however many products.
    """
    rows = _sold_by(seller_id)
    last = _last_quantities(seller_id, outlet_id)
    units: dict[UUID, list[tuple[str, int]]] = {}
    larger = Unit.objects.filter(product__in=_priced(seller_id)).order_by("factor")
    for product_id, name, factor in larger.values_list("product_id", "name", "factor"):
        units.setdefault(product_id, []).append((name, factor))
    priced = quote_for(
        seller_id=seller_id, buyer_id=outlet_id, lines=[(row["sku"], 1) for row in rows], on=on
    )
    book = PriceBook(priced.request.price_lists, priced.request.buyer, on)
    offers = []
    for row in rows:
        breaks = _breaks(book, row["sku"])
        if breaks:
            named = (*units.get(row["id"], ()), (row["base_unit"], 1))
            offers.append(
                Offer(row["sku"], row["name"], row["search"], named, breaks, last.get(row["id"], 0))
            )
    offers.sort(key=lambda offer: offer.last_qty == 0)
    return Offers(tuple(offers), tuple(priced.request.schemes))


def _priced(seller_id: UUID) -> QuerySet[Product]:
    entries = PriceEntry.objects.filter(
        product_id=OuterRef("id"), price_list__seller_id=seller_id, price_list__state="published"
    )
    found: QuerySet[Product] = Product.objects.filter(Exists(entries)).exclude(stage=Product.Stage.ENDED)
    return found


def _sold_by(seller_id: UUID) -> list[dict[str, Any]]:
    rows = _priced(seller_id).order_by("category__code", "sku")
    return [dict(row) for row in rows.values("id", "sku", "name", "search", "base_unit")]


def ended(skus: Sequence[str]) -> set[str]:
    """Which of these SKUs are no product any more."""
    known = Product.objects.filter(sku__in=list(skus)).exclude(stage=Product.Stage.ENDED)
    return set(skus) - set(known.values_list("sku", flat=True))


def _breaks(book: PriceBook, sku: str) -> tuple[PriceBreak, ...]:
    """The base price for each quantity: where it changes, and what it is from there on."""
    found: list[PriceBreak] = []
    for least in sorted({1, *(one.entry.min_qty for one in book.candidates(sku) if one.entry.min_qty > 1)}):
        chosen = book.choose(sku, least)
        if chosen is None:
            continue
        one = PriceBreak(least, chosen.entry.price, chosen.entry.per, chosen.price_list.code)
        if not found or (found[-1].price, found[-1].per) != (one.price, one.per):
            found.append(one)
    return tuple(found)


def _last_quantities(seller_id: UUID, outlet_id: UUID) -> dict[UUID, int]:
    """What the outlet's last order from the seller held, in base units, by product."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.product_id, l.qty FROM ordering_orderline l WHERE l.tenant_id = %(tenant)s"
            " AND l.qty > 0 AND l.order_id = (SELECT o.id FROM ordering_order o"
            "  WHERE o.tenant_id = %(tenant)s AND o.buyer_id = %(outlet)s AND o.seller_id = %(seller)s"
            "  AND o.state <> 'cancelled' ORDER BY o.placed_at DESC, o.id DESC LIMIT 1)",
            {"tenant": active_tenant_id(), "outlet": outlet_id, "seller": seller_id},
        )
        return dict(cursor.fetchall())
