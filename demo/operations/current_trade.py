"""Create current orders in every state, by the real operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal

from dealers.models import Membership, Party
from demo.operations.contracts import renew_contracts
from demo.operations.earnings import leave_to_settle
from demo.operations.price_control import make_limits_of_scopes, make_manual_prices
from demo.operations.price_lists import LIMITED_WARES, write_lists
from demo.operations.prices import factory_price, member_price
from demo.operations.scenario import ONE_CLICK_PARTIES, Plan, Someone, Ware, World, moment, read_world
from jobs.models import Job
from jobs.operations.jobs import request_job
from kernel.money import cents
from ledger.models import Book
from ordering.models import Order
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import confirm_order, reserve
from ordering.operations.delivering import deliver
from ordering.operations.placing import Window, place_order
from ordering.operations.return_requests import request_return
from ordering.operations.returns import ReturnPart, take_back
from ordering.operations.returns_without_order import take_back_without_order
from ordering.operations.shipping import ship
from ordering.queries.orders import OrderFacts
from pricing.models import PriceList

TIGHT = Decimal("500.00")
BELOW_FLOOR = Decimal("0.88")
STEPS = (
    "placed",
    "confirmed",
    "part_shipped",
    "shipped",
    "delivered",
    "returned",
    "cancelled",
    "return_requested",
)
OVER_CEILING = Decimal("1.08")


class _Now:
    """The clock of the current trade: each action is a few minutes after the previous one."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.at = plan, moment(plan.day - timedelta(days=2), time(8))

    def next(self, minutes: int = 7) -> datetime:
        self.at = min(self.at + timedelta(minutes=minutes), self.plan.now)
        return self.at


def make_present(plan: Plan) -> str:
    world, now = read_world(), _Now(plan)
    made = Counter[str]()
    _dealers_orders(plan, world, now, made)
    _members_orders(plan, world, now, made)
    _outlets_orders(plan, world, now, made)
    _review_and_held(plan, world, now, made)
    _dealers_review_and_held(plan, world, now, made)
    make_limits_of_scopes(world)
    for order in make_manual_prices(plan, world, now.next):
        made[order.state] += 1
    _loose_return(plan, world, now)
    made["to_sign"] = renew_contracts(plan)
    _failed_export(plan)
    leave_to_settle(plan)
    return "、".join(f"{state} {count}" for state, count in sorted(made.items()))


def _place(
    plan: Plan,
    seller: Someone,
    buyer: Someone,
    wares: Sequence[Ware],
    cases: int,
    now: _Now,
    kind: str = Order.Kind.STANDARD,
    window: Window | None = None,
    pieces: bool = False,
) -> OrderFacts:
    lines = [(ware.sku, cases if pieces else cases * ware.case) for ware in wares]
    return place_order(
        seller_id=seller.id,
        buyer_id=buyer.id,
        lines=lines,
        by=plan.by,
        at=now.next(),
        kind=kind,
        window=window,
        reference=f"DEMO-{buyer.code}",
    )


def _dealers_orders(plan: Plan, world: World, now: _Now, made: Counter[str]) -> None:
    chance = plan.chance("dealers now")
    for number, dealer in enumerate(world.dealers[: plan.scale.present]):
        goods = world.wares[LIMITED_WARES:] if number < ONE_CLICK_PARTIES else world.wares
        for goal in _goals(number):
            wares = chance.sample(goods, min(8, len(goods)))
            order = _place(plan, world.maker, dealer, wares, chance.randint(1, 6), now)
            made[_carry(plan, order, goal, now)] += 1


def _goals(number: int) -> Sequence[str]:
    """Return every state for the parties that people act for, one in turn for the others."""
    return STEPS if number < ONE_CLICK_PARTIES else (STEPS[number % len(STEPS)],)


def _carry(plan: Plan, order: OrderFacts, goal: str, now: _Now) -> str:
    """Advance a placed order to a state and return the state; an order held by credit stays held."""
    by = plan.by
    if order.state != Order.State.PLACED:
        return order.state
    if goal == "placed":
        return order.state
    if goal == "cancelled":
        return cancel_order(order_id=order.id, by=by, at=now.next(), reason="客户改期").state
    order = confirm_order(order_id=order.id, by=by, at=now.next())
    if goal == "confirmed":
        return order.state
    first = order.lines[0]
    if goal == "part_shipped":
        ship(order_id=order.id, lines=[(first.position, max(1, first.qty // 2))], by=by, at=now.next())
        return goal
    shipment = ship(order_id=order.id, by=by, at=now.next())
    if goal == "shipped":
        return goal
    deliver(shipment_id=shipment.id, signed_by="仓库", by=by, at=now.next())
    if goal == "returned":
        take_back(order_id=order.id, lines=[(first.position, 1)], by=by, at=now.next(), reason="破损")
    if goal == "return_requested":
        lines = [ReturnPart(first.position, 1)]
        request_return(order_id=order.id, lines=lines, reason="包装破损", by=by, at=now.next())
    return "delivered"


def _members_orders(plan: Plan, world: World, now: _Now, made: Counter[str]) -> None:
    chance = plan.chance("members now")
    people = world.by_id
    for number, member in enumerate(world.members[: plan.scale.present]):
        assert member.parent_id is not None
        for goal in _goals(number):
            wares = chance.sample(world.wares[:24], 4)
            order = _place(plan, people[member.parent_id], member, wares, chance.randint(1, 2), now)
            made[_carry(plan, order, goal, now)] += 1


def _outlets_orders(plan: Plan, world: World, now: _Now, made: Counter[str]) -> None:
    """Create pre-sale orders with a window tomorrow (some confirmed or reserved), and van sales."""
    chance = plan.chance("outlets now")
    people = world.by_id
    tomorrow = plan.day + timedelta(days=1)
    window = Window(moment(tomorrow, time(8)), moment(tomorrow, time(18)))
    closed = set(Party.objects.filter(is_active=False).values_list("id", flat=True))
    buyers = [*_outlets_of_one_click(world), *world.outlets[: plan.scale.present]]
    for number, outlet in enumerate(one for one in dict.fromkeys(buyers) if one.id not in closed):
        seller = people[outlet.parent_id]  # type: ignore[index]  # members have a dealer
        wares = chance.sample(world.wares[:24], 3)
        if number % 3 == 2:
            order = _place(plan, seller, outlet, wares, 4, now, Order.Kind.VAN, pieces=True)
            made[_carry(plan, order, "delivered", now)] += 1
            continue
        order = _place(plan, seller, outlet, wares, 6, now, Order.Kind.PRESALE, window, pieces=True)
        goal = ("placed", "confirmed", "reserved")[number % 3 if number % 2 else 2]
        if order.state == Order.State.PLACED and goal != "placed":
            order = confirm_order(order_id=order.id, by=plan.by, at=now.next())
            if goal == "reserved" and order.state == Order.State.CONFIRMED:
                order = reserve(order_id=order.id, by=plan.by, at=now.next())
        made[order.state] += 1


def _outlets_of_one_click(world: World) -> list[Someone]:
    """Return three outlets of each dealer and member that people act for, as far as there are."""
    children = world.children()
    outlets = ([one for one in children[party.id] if one.kind == "outlet"] for party in world.one_click)
    return [one for found in outlets for one in found[:3]]


def _review_and_held(plan: Plan, world: World, now: _Now, made: Counter[str]) -> None:
    """Create orders that wait for approval (price below the floor) or are held (over the limit)."""
    reviewed, held = world.dealers[-1], world.dealers[-2]
    cheap = PriceList(
        seller_id=world.maker.id,
        code="PARTY-2",
        name=f"{reviewed.name} 处理价",
        audience_kind="party",
        audience_value=reviewed.code,
        state=PriceList.State.PUBLISHED,
        priority=9,
    )
    watched = [world.wares[at] for at in (1, 4, 7)]
    entries = [(cheap.id, ware.id, cents(factory_price(ware) * BELOW_FLOOR), 0, None) for ware in watched]
    write_lists([cheap], entries)
    for count in range(2):
        made[_place(plan, world.maker, reviewed, watched[count : count + 2], 2, now).state] += 1
    Book.objects.filter(seller=world.maker.id, buyer=held.id).update(credit_limit=TIGHT)
    for _ in range(2):
        made[_place(plan, world.maker, held, world.wares[8:14], 5, now).state] += 1


def _dealers_review_and_held(plan: Plan, world: World, now: _Now, made: Counter[str]) -> None:
    """Create a member's order above its dealer's price ceiling, and one over its credit limit."""
    children = world.children()
    for dealer in world.dealers[:ONE_CLICK_PARTIES]:
        members = [one for one in children[dealer.id] if one.kind == "member"]
        reviewed, held = members[-1], members[-2]
        dear = PriceList(
            seller_id=dealer.id,
            code="PARTY-1",
            name=f"{reviewed.name} 专供",
            audience_kind="party",
            audience_value=reviewed.code,
            state=PriceList.State.PUBLISHED,
            priority=9,
        )
        limited = world.wares[:2]
        entries = [(dear.id, ware.id, cents(member_price(ware) * OVER_CEILING), 0, None) for ware in limited]
        write_lists([dear], entries)
        made[_place(plan, dealer, reviewed, limited, 2, now).state] += 1
        Book.objects.filter(seller=dealer.id, buyer=held.id).update(credit_limit=TIGHT)
        made[_place(plan, dealer, held, world.wares[8:12], 5, now).state] += 1


def _failed_export(plan: Plan) -> None:
    """Leave an export of the director's that has failed and can be resumed."""
    director = Membership.objects.filter(role="director").order_by("id")[0]
    params = {
        "list": "orders",
        "query": "",
        "kwargs": {},
        "membership": str(director.id),
        "language": "",
        "right": "order.view",
        "title": "订单",
    }
    job = request_job("export", params, by=director.user_id, nudge=False)
    Job.objects.filter(id=job.id).update(
        state=Job.State.FAILED, message="磁盘空间不足，导出中断", started_at=plan.now, ended_at=plan.now
    )


def _loose_return(plan: Plan, world: World, now: _Now) -> None:
    dealer, ware = world.dealers[1], world.wares[0]
    take_back_without_order(
        seller_id=world.maker.id,
        buyer_id=dealer.id,
        lines=[(ware.sku, 6, factory_price(ware))],
        by=plan.by,
        at=now.next(),
        reason="临期",
    )
