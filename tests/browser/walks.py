"""A small alliance with a month of real trade behind it: what the walks look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from accounts.rights import ROLES, the_system
from alliance.models import Contract, GuaranteeMonth, SpreadTerm
from catalogue.models import Product, Unit
from dealers.models import Membership, Party, TierMonth
from jobs.models import Job
from kernel.periods import months_after
from ledger.models import Book
from ledger.operations.books import open_book
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.placing import place_order
from ordering.operations.shipping import ship
from rebates.operations.settlement_requests import request_due
from rebates.operations.settling import settle_step
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import (
    a_contract,
    a_manufacturer,
    a_party,
    a_price_list,
    a_product,
    a_program,
    a_tier,
    in_force,
)
from tests.people import a_membership, a_user

ME = the_system()
DEALERS = (
    "肇庆恒丰粮油贸易",
    "江门五邑同兴商贸",
    "茂名粤西联发食品",
    "惠州东江顺达贸易",
    "佛山顺禾供应链",
    "清远北江源贸易",
)
GOODS = (
    ("LZ1012", "金标生抽 500ml×12", "92"),
    ("LZ2021", "鲜上鲜蚝油 700g×12", "112"),
    ("LZ3050", "广式料酒 500ml×12", "64.80"),
)
NAMES = cycle(("周启明", "梁敏", "陈志远", "林晓彤", "何志豪", "李小兰", "冯国强", "罗建军", "黄丽"))


@dataclass
class Alliance:
    tenant: Tenant
    maker: Party
    dealers: list[Party]
    member: Party
    people: dict[tuple[str, str], Membership]


def an_alliance(*, settled: bool, guaranteed_spread: str = "") -> Alliance:
    """Six dealers, one member, deliveries of the last month; a monthly program, settled or due.

    The member's contract may guarantee a spread of the first product, whose advised resale price is 10.
    """
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        maker = a_manufacturer(name=tenant.name)
        dealers = [a_party("dealer", name=name, parent=maker) for name in DEALERS]
        member = a_party("member", name="四会陈记调味批发部", parent=dealers[0], region_id="441284")
        products = [a_product(sku, name=name, search=sku.lower()) for sku, name, _price in GOODS]
        for product in products:
            Unit.objects.create(product=product, name="箱", factor=12)
        _publish(maker, products, "1")
        _publish(dealers[0], products, "1.1")
        last = months_after(timezone.localdate().replace(day=1), -1)
        for number, dealer in enumerate(dealers):
            for turn in range(3):
                at = _at(last, 3 + 7 * turn)
                _delivered(maker, dealer, [("LZ1012", 12 * (40 + 25 * number)), ("LZ2021", 120)], at)
        _delivered(dealers[0], member, [("LZ1012", 120), ("LZ3050", 60)], _at(last, 12))
        _sent(dealers[0], member, [("LZ2021", 48)], timezone.now() - timedelta(days=1))
        _waiting(maker, dealers)
        contract = _promised(maker, dealers[0], member, last)
        if guaranteed_spread:
            spread = {"guaranteed": guaranteed_spread, "advised_resale": "10"}
            SpreadTerm.objects.create(contract=contract, product=products[0], clause="3.2", **spread)
        in_force(contract)
        _reviewed([*dealers, member], last)
        term = {"starts_on": last, "until": months_after(last, 12), "settled_every": 1}
        ladder = [("0", "0.01"), ("150000", "0.02"), ("300000", "0.03")]
        a_program(maker, ladder, code="JY-2026", name="酱油年度阶梯", **term)
        if settled:
            a_program(
                dealers[0], [("0", "0.01"), ("3000", "0.02")], code="LM-2026", name="联盟商月返", **term
            )
            _settle()
        people = {
            (kind, role): a_membership(party, role, user=a_user(first_name=next(NAMES)))
            for kind, party in (("manufacturer", maker), ("dealer", dealers[0]), ("member", member))
            for role in ROLES[kind]
        }
    return Alliance(tenant, maker, dealers, member, people)


def _publish(seller: Party, products: list[Product], factor: str) -> None:
    prices = {
        product: round(float(price) * float(factor), 2)
        for product, (_sku, _name, price) in zip(products, GOODS, strict=True)
    }
    a_price_list(seller, prices, per=12)


def _at(month: date, day: int) -> datetime:
    return datetime.combine(month + timedelta(days=day), time(9), timezone.get_current_timezone())


def _order(seller: Party, buyer: Party, lines: list[tuple[str, int]], at: datetime) -> Any:
    return place_order(seller_id=seller.id, buyer_id=buyer.id, lines=lines, by=ME, at=at)


def _sent(seller: Party, buyer: Party, lines: list[tuple[str, int]], at: datetime) -> Any:
    order = _order(seller, buyer, lines, at)
    confirm_order(order_id=order.id, by=ME, at=at)
    return ship(order_id=order.id, by=ME, at=at)


def _delivered(seller: Party, buyer: Party, lines: list[tuple[str, int]], at: datetime) -> None:
    shipment = _sent(seller, buyer, lines, at)
    deliver(shipment_id=shipment.id, signed_by="王师傅", by=ME, at=at + timedelta(hours=30))


def _waiting(maker: Party, dealers: list[Party]) -> None:
    """One order to confirm, and one that its credit holds."""
    now = timezone.now()
    _order(maker, dealers[1], [("LZ1012", 120)], now)
    book = open_book(seller_id=maker.id, buyer_id=dealers[2].id)
    Book.objects.filter(id=book).update(credit_limit=1000)
    _order(maker, dealers[2], [("LZ1012", 360)], now)


def _promised(maker: Party, dealer: Party, member: Party, month: date) -> Contract:
    """Draft the member's contract, with the months of its guarantees."""
    today = timezone.localdate()
    contract = a_contract(
        dealer,
        member,
        manufacturer=maker,
        code="C-0412",
        starts_on=today - timedelta(days=200),
        until=today + timedelta(days=534),
        state="draft",
    )
    for back in range(5, -1, -1):
        for kind, measured, broken, owed in (
            ("spread", 28, back % 2, 0),
            ("service", 40, 3 - back // 2, 360),
        ):
            GuaranteeMonth.objects.create(
                contract=contract,
                kind=kind,
                month=months_after(month, -back),
                measured=measured,
                broken=broken,
                owed=owed,
            )
    return contract


def _reviewed(parties: list[Party], month: date) -> None:
    ladder = [a_tier("核心", 80), a_tier("重点", 60), a_tier("普通", 0)]
    moves = [
        ("promote", 1, 0),
        ("stay", 0, 0),
        ("demote", 0, 1),
        ("warn", 1, 1),
        ("stay", 1, 1),
        ("stay", 2, 2),
    ]
    for place, party in enumerate(parties):
        move, before, after = moves[place % len(moves)]
        TierMonth.objects.create(
            party=party, month=month, score=70, move=move, before=ladder[before], tier=ladder[after]
        )


def _settle() -> None:
    while jobs := request_due(by=ME, at=timezone.now()):
        for job in jobs:
            while (step := settle_step(job)).cursor is not None:
                job.cursor, job.done = step.cursor, step.done
            Job.objects.filter(id=job.id).update(state=Job.State.DONE)
