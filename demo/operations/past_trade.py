"""Create a year of trade that ends yesterday: delivered orders, returns and payments."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from alliance.models import Contract, SpreadTerm
from demo.operations.contract_evidence import record_past_evidence
from demo.operations.contracts import has_own_prices, in_force
from demo.operations.payments import pay_month
from demo.operations.price_lists import portfolio
from demo.operations.prices import EIGHT_GET_ONE, factory_price, price_for
from demo.operations.restocking import best_sellers, size_to_restock
from demo.operations.scenario import ZONE, Plan, Someone, Ware, World, moment, month_start, read_world
from imports.operations.sales.trade import Deal, DealtLine, write_deliveries, write_returns
from kernel.money import cents, taxed, unit_price
from kernel.quantities import line_amount
from ledger.models import Book
from ledger.operations.books import open_books

LABEL = "演示数据"
PAYMENT_DAYS = 30
LAST_DAYS = 6
SEASON = (1.25, 0.7, 0.9, 0.95, 1.0, 0.95, 0.9, 0.95, 1.1, 1.05, 1.1, 1.2)
RETURNED = 0.015
STEADY_ORDERS = 36


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a kind of buyer orders: orders a year, lines an order, cases or units a line, delivery hours."""

    orders: int
    lines: tuple[int, int]
    cases: tuple[int, int]
    by_case: bool
    hours: tuple[int, int]


def months_of(plan: Plan) -> list[date]:
    """Return the first days of the months of the year."""
    months = [month_start(plan.first_day, number) for number in range(13)]
    return [month for month in months if month < plan.day]


def make_month(plan: Plan, number: int) -> str:
    """Write the deliveries, returns and payments of one month."""
    world = read_world()
    deals, backs = _year(plan, world.maker.id)
    start = months_of(plan)[number]
    until = month_start(start, 1)
    sold = [deal for deal in deals if start <= deal.delivered_on < until]
    back = [deal for deal in backs if start <= deal.delivered_on < until]
    record_past_evidence(sold, write_deliveries(sold, currency="CNY", posted_by=LABEL))
    write_returns(back, posted_by=LABEL)
    pay_month(plan, world, until)
    if until >= plan.day:
        _count_orders(deals)
    return (
        f"{start:%Y-%m}: {len(sold)} 张订单、{sum(len(one.lines) for one in sold)} 行、{len(back)} 张退货单"
    )


@lru_cache(maxsize=1)
def _year(plan: Plan, maker_id: UUID) -> tuple[list[Deal], list[Deal]]:
    """Return all orders and returns of the year in order; cached for this maker's tenant."""
    world = read_world()
    deals = sorted(_deals(plan, world), key=lambda deal: deal.placed_at)
    numbered = _numbered(world, deals)
    return numbered, _returns(plan, numbered)


def _rhythms(plan: Plan) -> dict[str, Rhythm]:
    scale = plan.scale
    return {
        "dealer": Rhythm(scale.dealer_orders, (4, 12), (4, 40), True, (20, 70)),
        "member": Rhythm(scale.member_orders, (2, 6), (3, 24), True, (6, 50)),
        "outlet": Rhythm(scale.outlet_orders, (1, 5), (12, 96), False, (3, 30)),
    }


def _deals(plan: Plan, world: World) -> Iterator[Deal]:
    """Yield the members' and outlets' orders, then those by which dealers bought what they sold.

    A one-click member orders the first product of its contract each time: its spread is broken every month.
    """
    chance = plan.chance("history")
    people, rhythms = world.by_id, _rhythms(plan)
    contracts, promised = _contracts()
    own = has_own_prices([one.code for one in contracts.values()])
    books = open_books([(one.parent_id, one.id) for one in _buyers(world) if one.parent_id])
    wares = {seller.id: portfolio(world, seller) for seller in people.values() if seller.kind != "outlet"}
    by_product = {ware.id: ware for ware in world.wares}
    worth = {ware.id: factory_price(ware) for ware in world.wares}
    one_click = {one.id for one in world.one_click}
    sold: dict[UUID, dict[UUID, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for buyer in [*world.members, *world.outlets, *world.dealers]:
        if buyer.parent_id is None:
            continue
        seller, rhythm = people[buyer.parent_id], rhythms[buyer.kind]
        is_one_click, mine = buyer.id in one_click, contracts.get(buyer.id)
        moments = list(_moments(plan, chance, rhythm.orders, steady=is_one_click))
        taste = chance.sample(wares[seller.id], min(len(wares[seller.id]), 3 * rhythm.lines[1]))
        size = chance.lognormvariate(0, 0.5)
        if is_one_click and mine is not None:
            first = [by_product[product_id] for product_id in promised[mine.id]]
            taste = [*first, *(ware for ware in taste if ware not in first)][: 2 * rhythm.lines[1]]
        if buyer.kind == "dealer" and sold[buyer.id]:
            taste = best_sellers(wares[seller.id], sold[buyer.id], 3 * rhythm.lines[1])
            size = size_to_restock(
                sold[buyer.id], taste, orders=len(moments), lines=rhythm.lines, cases=rhythm.cases
            )
        for placed_at in moments:
            contract = mine if mine is not None and in_force(mine, placed_at.date()) else None
            goods, lines = taste, rhythm
            if is_one_click and mine is not None:
                goods = [taste[0], *chance.sample(taste[1:], chance.randint(1, rhythm.lines[1] - 1))]
                lines = replace(rhythm, lines=(len(goods), len(goods)))
            deal = _deal(
                chance,
                plan,
                seller,
                buyer,
                books[seller.id, buyer.id],
                placed_at,
                lines,
                goods,
                size,
                contract,
                contract is not None and contract.code in own,
            )
            for line in deal.lines:
                sold[seller.id][line.product_id] += worth[line.product_id] * line.qty
            yield deal


def _buyers(world: World) -> list[Someone]:
    return [*world.dealers, *world.members, *world.outlets]


def _contracts() -> tuple[dict[UUID, Contract], dict[UUID, list[UUID]]]:
    """Return the active contract of each member, and the products whose spread each guarantees, by clause."""
    signed = list(Contract.objects.filter(state=Contract.State.ACTIVE).order_by("code"))
    promised: dict[UUID, list[UUID]] = defaultdict(list)
    terms = SpreadTerm.objects.order_by("clause").values_list("contract_id", "product_id")
    for contract_id, product_id in terms:
        promised[contract_id].append(product_id)
    return {contract.member_id: contract for contract in signed}, promised


def _moments(plan: Plan, chance: random.Random, orders: int, *, steady: bool) -> Iterator[datetime]:
    """Yield when a buyer places its orders, by season; some buyers start late or stop ordering.

    A steady one orders STEADY_ORDERS times, in every month.
    """
    silent, late = chance.random() < 0.06, chance.random() < 0.08
    days = 365 - LAST_DAYS
    if steady:
        for number in range(STEADY_ORDERS):
            day = plan.first_day + timedelta(days=(number * days + chance.randrange(days)) // STEADY_ORDERS)
            yield moment(day, time(chance.randint(8, 17), chance.randrange(60)))
        return
    for _ in range(max(1, round(orders * chance.uniform(0.7, 1.3)))):
        day = plan.first_day + timedelta(days=chance.randrange(days))
        if chance.random() > SEASON[day.month - 1] / 1.25:
            day = plan.first_day + timedelta(days=chance.randrange(days))
        if (silent and day > plan.day - timedelta(days=185)) or (
            late and day < plan.day - timedelta(days=120)
        ):
            continue
        yield moment(day, time(chance.randint(8, 17), chance.randrange(60)))


def _deal(
    chance: random.Random,
    plan: Plan,
    seller: Someone,
    buyer: Someone,
    book_id: UUID,
    placed_at: datetime,
    rhythm: Rhythm,
    taste: Sequence[Ware],
    size: float,
    contract: Contract | None,
    own: bool,
) -> Deal:
    count = min(chance.randint(*rhythm.lines), len(taste))
    wares = sorted(chance.sample(taste, count), key=lambda ware: ware.sku)
    code = contract.code if contract is not None and own else None
    lines = []
    for place, ware in enumerate(wares, 1):
        units = max(1, round(chance.randint(*rhythm.cases) * size))
        lines.append(_line(ware, units * (ware.case if rhythm.by_case else 1), seller, buyer, code, place))
    latest = moment(plan.day - timedelta(days=1), time(18))
    delivered_at = min(placed_at + timedelta(hours=chance.randint(*rhythm.hours)), latest)
    presale = buyer.kind == "outlet" and chance.random() < 0.7
    placed_on, delivered_on = _local(placed_at), _local(delivered_at)
    return Deal(
        number="",
        source="",
        seller_id=seller.id,
        buyer_id=buyer.id,
        book_id=book_id,
        placed_at=placed_at,
        placed_on=placed_on,
        delivered_at=delivered_at,
        delivered_on=delivered_on,
        due_on=delivered_on + timedelta(days=PAYMENT_DAYS),
        lines=lines,
        kind="presale" if presale else "van" if buyer.kind == "outlet" else "standard",
        contract_id=contract.id if contract is not None else None,
        window_from=placed_at + timedelta(hours=2) if presale else None,
        window_until=placed_at + timedelta(days=2) if presale else None,
    )


def _line(
    ware: Ware, qty: int, seller: Someone, buyer: Someone, contract: str | None, place: int
) -> DealtLine:
    """Return a priced line; eight bags of the maker's first stock powders earn one free."""
    price, price_list = price_for(ware, seller, buyer, contract)
    amount = line_amount(price, qty)
    split = taxed(amount, ware.tax_rate, tax_in_price=True)
    free = qty // EIGHT_GET_ONE if seller.kind == "manufacturer" and ware.sku.startswith("LZ-CE-1") else 0
    why: dict[str, object] = {"verdict": "ok"}
    if free:
        rule = {"scheme": "MS-CE", "buy": EIGHT_GET_ONE, "free": 1, "mode": "unit", "lines": [place]}
        why |= {"schemes": [{"code": "MS-CE", "saved": str(cents(price * free))}], "grants": [rule]}
    return DealtLine(
        product_id=ware.id,
        sku=ware.sku,
        qty=qty,
        unit_price=price,
        amount=amount,
        net=split.net,
        tax=split.tax,
        tax_rate=ware.tax_rate,
        free_qty=free,
        price_list=price_list,
        net_unit_price=unit_price(amount / (qty + free)) if free else price,
        why=json.dumps(why),
    )


def _numbered(world: World, deals: Sequence[Deal]) -> list[Deal]:
    """Number the orders as live ones: by the count of the buyer's orders from the seller."""
    people, counts = world.by_id, Counter[UUID]()
    numbered = []
    for deal in deals:
        counts[deal.book_id] += 1
        seller, buyer = people[deal.seller_id], people[deal.buyer_id]
        prefix = "" if seller.kind == "manufacturer" else f"{seller.code}."
        number = f"SO{deal.placed_on:%y%m%d}-{prefix}{buyer.code}-{counts[deal.book_id]}"
        numbered.append(replace(deal, number=number))
    return numbered


def _count_orders(deals: Sequence[Deal]) -> None:
    counts = Counter(deal.book_id for deal in deals)
    books = list(Book.objects.filter(id__in=list(counts)))
    for book in books:
        book.orders = counts[book.id]
    Book.objects.bulk_update(books, ["orders"], batch_size=500)


def _returns(plan: Plan, deals: Sequence[Deal]) -> list[Deal]:
    """Return some lines a week after their delivery, without a reference to the order."""
    chance = plan.chance("returns")
    backs: list[Deal] = []
    for deal in deals:
        at = deal.delivered_at + timedelta(days=7)
        if deal.lines[0].free_qty or chance.random() > RETURNED or _local(at) >= plan.day:
            continue
        line = deal.lines[0]
        qty = max(1, line.qty // 4)
        split = taxed(line_amount(line.unit_price, qty), line.tax_rate, tax_in_price=True)
        back = replace(line, qty=qty, amount=split.gross, net=split.net, tax=split.tax)
        backs.append(
            replace(
                deal,
                number=f"RT-{len(backs) + 1:04}",
                source="",
                delivered_at=at,
                delivered_on=_local(at),
                lines=[back],
                reason=chance.choice(("临期", "破损", "错发", "滞销")),
            )
        )
    return sorted(backs, key=lambda deal: deal.delivered_at)


def _local(at: datetime) -> date:
    return at.astimezone(ZONE).date()
