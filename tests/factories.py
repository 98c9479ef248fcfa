"""Rows for tests, one function for each noun; what a test does not name gets a sensible value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from accounts.rights import Actor
from alliance.models import Contract
from catalogue.models import Category, Product
from dealers.models import Channel, Party, PartyTag, Tag, Tier
from ordering.models import TradeFact
from pricing.models import PriceEntry, PriceList, Scheme
from rebates.models import Program, ProgramProduct

_next = count(1).__next__


def a_party(kind: str = "dealer", **values: Any) -> Party:
    number = _next()
    return Party.objects.create(**{"kind": kind, "code": f"P-{number}", "name": f"Party {number}"} | values)


def a_manufacturer(**values: Any) -> Party:
    return Party.objects.filter(kind="manufacturer").first() or a_party("manufacturer", **values)


def a_tag(party: Party, code: str) -> Tag:
    tag, _made = Tag.objects.get_or_create(code=code, defaults={"name": code})
    PartyTag.objects.create(party=party, tag=tag)
    return tag


def a_channel(code: str) -> Channel:
    return Channel.objects.get_or_create(code=code, defaults={"name": code})[0]


def a_tier(code: str, from_score: Any = None) -> Tier:
    values = {"name": code, "from_score": _next() % 99900 / 100 if from_score is None else from_score}
    return Tier.objects.get_or_create(code=code, defaults=values)[0]


def a_category(code: str = "soy") -> Category:
    return Category.objects.get_or_create(code=code, defaults={"name": code})[0]


def a_product(sku: str = "", **values: Any) -> Product:
    sku = sku or f"SKU-{_next()}"
    return Product.objects.create(**{"sku": sku, "name": f"Product {sku}"} | values)


def a_price_list(
    seller: Party,
    prices: dict[Product, Any] | Sequence[tuple[Product, Any, int]],
    *,
    audience: tuple[str, str] = ("everyone", ""),
    per: int = 1,
    **values: Any,
) -> PriceList:
    """A published list; `prices` by product, or (product, price, from quantity)."""
    given = {
        "code": f"L-{_next()}",
        "audience_kind": audience[0],
        "audience_value": audience[1],
    } | values
    state = given.pop("state", PriceList.State.PUBLISHED)
    made = PriceList.objects.create(seller=seller, **given)
    rows = [(product, price, 0) for product, price in prices.items()] if isinstance(prices, dict) else prices
    PriceEntry.objects.bulk_create(
        PriceEntry(price_list=made, product=product, price=price, min_qty=least, per=per)
        for product, price, least in rows
    )
    made.state = state
    made.save()
    return made


def a_scheme(seller: Party, kind: str, terms: dict[str, Any], **values: Any) -> Scheme:
    given = {"code": f"S-{_next()}", "state": Scheme.State.PUBLISHED}
    return Scheme.objects.create(seller=seller, kind=kind, terms=terms, **given | values)


def a_contract(dealer: Party, member: Party, **values: Any) -> Contract:
    """An active contract for the year 2026, without areas, spreads and signatures."""
    given = {
        "code": f"C-{_next()}",
        "manufacturer": a_manufacturer(),
        "state": Contract.State.ACTIVE,
        "starts_on": date(2026, 1, 1),
        "until": date(2027, 1, 1),
    }
    return Contract.objects.create(dealer=dealer, member=member, **given | values)


def in_force(contract: Contract) -> Contract:
    """Make a draft active once it has its terms: the database refuses terms of a signed contract."""
    Contract.objects.filter(id=contract.id).update(state=Contract.State.ACTIVE)
    contract.state = Contract.State.ACTIVE
    return contract


def a_fact(seller: Party, buyer: Party, product: Product, day: date, **values: Any) -> TradeFact:
    """What was traded on a day; without values ten units were delivered for 100.00 net."""
    given = values or {"delivered_qty": 10, "delivered_net": "100.00"}
    return TradeFact.objects.create(
        seller_id=seller.id, buyer_id=buyer.id, product_id=product.id, day=day, **given
    )


def a_program(seller: Party, tiers: Sequence[tuple[Any, Any]], *products: Product, **values: Any) -> Program:
    """An active retroactive program on amounts, settled by quarters of 2026; tiers are (from, rate)."""
    given = {
        "code": f"R-{_next()}",
        "name": "Volume rebate",
        "method": Program.Method.RETROACTIVE,
        "measure": Program.Measure.AMOUNT,
        "tiers": [{"from": str(start), "rate": str(rate)} for start, rate in tiers],
        "starts_on": date(2026, 1, 1),
        "until": date(2027, 1, 1),
        "state": Program.State.ACTIVE,
    }
    program = Program.objects.create(seller=seller, **given | values)
    ProgramProduct.objects.bulk_create(ProgramProduct(program=program, product=one) for one in products)
    return program


def an_actor(party: Party, role: str = "") -> Actor:
    """Someone who acts for the party: its director or owner, unless a role is named."""
    role = role or ("director" if party.kind == "manufacturer" else "owner")
    return Actor(party_id=party.id, party_kind=party.kind, role=role, label=f"{role} of {party.code}")
