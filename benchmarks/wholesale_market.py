"""The market in which orders are placed: one dealer, its members under contract, 500 products.

Twenty price lists apply to each member and 30 do not; ten schemes, a limit and a guaranteed
spread on every product, a credit limit, stock. One SKU is in every order. There are also as many more
products, priced by the twenty lists, as the largest real order has lines.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from accounts.rights import the_system
from alliance.models import Contract, SpreadTerm
from catalogue.models import Product
from dealers.models import Channel, Party, PartyTag, Region, Tag, Tier
from integrations.authentication import new_key
from integrations.models import ApiKey
from ledger.models import Book
from ledger.operations.books import open_books
from ordering.operations.stock_reports import count_stock
from pricing.models import Limit, PriceEntry, PriceList, Scheme

PRODUCTS, MEMBERS, LINES = 500, 60, 24
LARGEST = 1_114
HOT = "P0000"
TAGS = ("morning", "township", "cold", "chain", "school")


@dataclass(frozen=True, slots=True)
class Market:
    seller_id: UUID
    members: list[UUID]
    key: str


def build(today: date, at: Any) -> Market:
    maker = Party.objects.create(kind="manufacturer", code="F", name="岭珠味业")
    dealer = Party.objects.create(
        kind="dealer", code="D1", name="惠州一号", parent=maker, tracks_stock=True, confirms_itself=False
    )
    products = Product.objects.bulk_create(
        Product(sku=f"P{n:04}", name=f"生抽 {n}", tax_rate="0.13") for n in range(LARGEST + 1)
    )
    members = _members(dealer)
    _prices(dealer, products, members)
    _schemes(dealer)
    Limit.objects.bulk_create(
        Limit(seller=dealer, product=one, clause=f"L{one.sku}", floor="1", action="block") for one in products
    )
    _contracts(maker, dealer, members, products, today)
    open_books([(dealer.id, member.id) for member in members])
    Book.objects.update(credit_limit="900000000")
    rows = [(one.sku, 500_000_000) for one in products]
    count_stock(party_id=dealer.id, rows=rows, source="opening", by=the_system(), at=at)
    key, key_hash = new_key()
    ApiKey.objects.create(
        name="bench",
        key_hash=key_hash,
        party=dealer,
        party_kind="dealer",
        role="owner",
        scopes=["order.place", "order.view", "price.view"],
        is_platforms=True,
    )
    return Market(dealer.id, [member.id for member in members], key)


def _members(dealer: Party) -> list[Party]:
    channel = Channel.objects.create(code="catering", name="餐饮")
    tier = Tier.objects.create(code="core", name="核心", from_score="80")
    tags = Tag.objects.bulk_create(Tag(code=code, name=code) for code in TAGS)
    region = Region.objects.filter(code="441302").first()
    members = Party.objects.bulk_create(
        Party(
            kind="member",
            code=f"M{n:04}",
            name=f"联盟商 {n}",
            parent=dealer,
            channel=channel,
            tier=tier,
            region=region,
        )
        for n in range(MEMBERS)
    )
    PartyTag.objects.bulk_create(PartyTag(party=member, tag=tag) for member in members for tag in tags)
    return members


def _prices(dealer: Party, products: list[Product], members: list[Party]) -> None:
    ours = [
        ("everyone", ""),
        ("level", "member"),
        ("region", "44"),
        ("region", "4413"),
        ("region", "441302"),
        ("tier", "core"),
        ("channel", "catering"),
        *(("tag", tag) for tag in TAGS),
    ]
    ours += [*ours[:6], *ours[:2]]
    assert len(ours) == 20
    lists = [_list(dealer, n, audience) for n, audience in enumerate(ours)]
    everything = len(lists)
    lists += [_list(dealer, 100 + n, ("channel", f"other-{n}")) for n in range(30)]
    PriceList.objects.bulk_create(lists)
    entries = (
        PriceEntry(price_list=one, product=product, price=f"{20 + n % 37}.{(n * 7 + i) % 100:02}")
        for i, one in enumerate(lists)
        for n, product in enumerate(products if i < everything else products[:PRODUCTS])
    )
    PriceEntry.objects.bulk_create(entries, batch_size=5000)
    PriceList.objects.update(state=PriceList.State.PUBLISHED)


def _list(dealer: Party, n: int, audience: tuple[str, str]) -> PriceList:
    return PriceList(
        seller=dealer,
        code=f"L{n:03}",
        audience_kind=audience[0],
        audience_value=audience[1],
        priority=n % 3,
    )


def _schemes(dealer: Party) -> None:
    some = [f"P{n:04}" for n in range(0, PRODUCTS, 4)]
    steps: list[dict[str, Any]] = [
        {"from": "2000", "percent_off": "0.01"},
        {"from": "5000", "percent_off": "0.02"},
    ]
    terms: list[tuple[str, dict[str, Any]]] = [
        ("special_price", {"skus": some[:40], "price": "19.90"}),
        ("special_price", {"skus": some[40:], "price": "21.5"}),
        ("step", {"skus": some, "steps": steps}),
        ("step", {"steps": steps}),
        ("step", {"measure": "quantity", "steps": [{"from": "500", "percent_off": "0.01"}]}),
        ("order_amount", {"steps": [{"from": "3000", "amount_off": "50"}]}),
        ("order_amount", {"steps": [{"from": "9000", "amount_off": "200"}]}),
        ("free_goods", {"skus": some[:60], "buy": 8, "free": 1, "mode": "unit"}),
        ("free_goods", {"skus": [HOT], "buy": 12, "free": 1, "mode": "proportional"}),
        ("free_goods", {"buy": 200, "free": 1, "mode": "unit", "gift_sku": f"P{PRODUCTS - 1:04}"}),
    ]
    Scheme.objects.bulk_create(
        Scheme(seller=dealer, code=f"S{n:02}", kind=kind, terms=one, state=Scheme.State.PUBLISHED)
        for n, (kind, one) in enumerate(terms)
    )


def _contracts(
    maker: Party, dealer: Party, members: list[Party], products: list[Product], today: date
) -> None:
    contracts = Contract.objects.bulk_create(
        Contract(
            code=f"C{n:04}",
            manufacturer=maker,
            dealer=dealer,
            member=member,
            starts_on=today.replace(month=1, day=1),
            until=today.replace(year=today.year + 1, month=1, day=1),
            delivery_hours=48,
        )
        for n, member in enumerate(members)
    )
    SpreadTerm.objects.bulk_create(
        SpreadTerm(contract=contract, product=product, clause="5.1", guaranteed="2", advised_resale="60")
        for contract in contracts
        for product in products[:50]
    )
    Contract.objects.update(state=Contract.State.ACTIVE)


def baskets(count: int, seed: int = 7) -> Iterable[list[dict[str, Any]]]:
    """Yield the lines of orders: the hot SKU and 23 others, in quantities of a real wholesaler."""
    dice = random.Random(seed)
    for _ in range(count):
        others = dice.sample(range(1, PRODUCTS - 1), LINES - 1)
        yield [{"sku": f"P{n:04}", "qty": dice.choice((1, 2, 6, 12, 24, 48))} for n in (0, *others)]


def largest_basket(seed: int = 7) -> list[dict[str, Any]]:
    """Return as many lines as the largest real order: every product once except the gift."""
    dice = random.Random(seed)
    numbers = [n for n in range(LARGEST + 1) if n != PRODUCTS - 1]
    return [{"sku": f"P{n:04}", "qty": dice.choice((1, 2, 6, 12, 24, 48))} for n in numbers]
