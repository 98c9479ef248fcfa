"""Orders, deliveries, money: what the homes of all roles take from the trading rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models import Contract, GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from config.facts.shapes import GuaranteeRow, Guarantees, OrderRow, row_url
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from kernel.periods import months_after
from ledger.models import OpenItem
from ordering.models import Order, TradeFact
from tenancy.web.shapes import Badge

State = Order.State
NEEDS_SOMEONE = (State.REVIEW, State.HELD)
ON_ITS_WAY = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED, State.SHIPPED)
BADGES = {
    State.REVIEW: ("warn", "clock"),
    State.HELD: ("bad", "alert-octagon"),
    State.PLACED: ("info", "info-circle"),
    State.CONFIRMED: ("plain", "check"),
    State.RESERVED: ("plain", "box"),
    State.PART_SHIPPED: ("warn", "truck-delivery"),
    State.SHIPPED: ("info", "truck-delivery"),
    State.DELIVERED: ("good", "circle-check"),
    State.CANCELLED: ("plain", "ban"),
}
GUARANTEE_ICONS = {
    "region": "map-pin",
    "term": "hourglass",
    "spread": "arrows-vertical",
    "service": "truck-delivery",
}
SPARK_MONTHS = 6


def badge(state: str) -> Badge:
    mood, icon = BADGES[State(state)]
    return Badge(text=str(State(state).label), mood=mood, icon=icon)


def orders_by_state(actor: Actor, *, sold_by: UUID | None = None) -> dict[str, tuple[int, Decimal]]:
    """{state: (orders, their total)}; one statement."""
    rows = Order.objects.visible_to(actor)
    if sold_by is not None:
        rows = rows.filter(seller_id=sold_by)
    found = rows.order_by().values_list("state").annotate(Count("id"), Sum("total"))
    return {state: (count, total) for state, count, total in found}


def count_of(by_state: dict[str, tuple[int, Decimal]], states: Iterable[str]) -> int:
    return sum(by_state.get(state, (0, Decimal(0)))[0] for state in states)


def latest_orders(actor: Actor, *, limit: int, narrowed: Q | None = None) -> list[OrderRow]:
    rows = Order.objects.visible_to(actor)
    if narrowed is not None:
        rows = rows.filter(narrowed)
    return [
        _order_row(order, actor) for order in rows.select_related("buyer", "seller").order_by("-id")[:limit]
    ]


def _order_row(order: Any, actor: Actor) -> OrderRow:
    """The other side is the seller for who buys, the buyer for everyone else."""
    other = order.seller if order.buyer_id == actor.party_id else order.buyer
    return OrderRow(
        number=order.number,
        other=other.name,
        badge=badge(order.state),
        kind=str(Order.Kind(order.kind).label),
        total=order.total,
        placed_at=order.placed_at,
        url=row_url(Order, actor, order.id),
    )


def facts_of(actor: Actor) -> Any:
    """Trade facts of what the actor's party sells; a territory role's, to the buyers that it sees."""
    rows = TradeFact.objects.filter(seller_id=actor.party_id)
    if actor.party_kind == MANUFACTURER and actor.role in TERRITORY_ROLES:
        rows = rows.filter(buyer_id__in=Party.objects.visible_to(actor).values("id"))
    return rows


def delivered_by_month(rows: Any, *, today: date) -> list[tuple[date, Decimal]]:
    """Net of returns, the last SPARK_MONTHS months and the running one, oldest first."""
    since = months_after(today.replace(day=1), -SPARK_MONTHS)
    found = (
        rows.filter(day__gte=since, day__lte=today)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(net=Sum(F("delivered_net") - F("returned_net")))
        .order_by("month")
    )
    return [(month, net or Decimal(0)) for month, net in found]


def delivered_between(rows: Any, start: date, end: date) -> Decimal:
    """Net of returns, `start` ≤ day < `end`."""
    told = rows.filter(day__gte=start, day__lt=end).aggregate(net=Sum(F("delivered_net") - F("returned_net")))
    return told["net"] or Decimal(0)


def overdue(actor: Actor, *, today: date, owed_to: UUID | None = None) -> tuple[Decimal, int]:
    """(what is overdue, of how many parties): owed to the actor's party, or by it."""
    rows = OpenItem.objects.filter(due_on__lt=today).exclude(settled=F("amount"))
    if owed_to is not None:
        rows = rows.filter(book__seller_id=owed_to)
        if actor.role in TERRITORY_ROLES:
            rows = rows.filter(book__buyer__in=Party.objects.visible_to(actor))
    else:
        rows = rows.filter(book__buyer_id=actor.party_id)
    told = rows.aggregate(
        money=Sum(F("amount") - F("settled")), parties=Count("book__buyer_id", distinct=True)
    )
    return told["money"] or Decimal(0), told["parties"]


def guarantees(actor: Actor) -> Guarantees:
    """The last measured month of the contracts that the actor may see; two statements."""
    rows = GuaranteeMonth.objects.filter(contract__in=Contract.objects.visible_to(actor))
    last = rows.order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return Guarantees()
    found = {
        kind: (measured, broken, owed)
        for kind, measured, broken, owed in rows.filter(month=last)
        .order_by()
        .values_list("kind")
        .annotate(Sum("measured"), Sum("broken"), Sum("owed"))
    }
    table = [
        GuaranteeRow(str(kind.label), GUARANTEE_ICONS[kind.value], *found.get(kind.value, (0, 0, Decimal(0))))
        for kind in GuaranteeKind
    ]
    return Guarantees(month=last, rows=table)


def contracts_by_state(actor: Actor) -> dict[str, int]:
    rows = Contract.objects.visible_to(actor).order_by().values_list("state").annotate(Count("id"))
    return dict(rows)


def contracts_ending(actor: Actor, *, today: date, days: int = 60) -> int:
    rows = Contract.objects.visible_to(actor).filter(state=Contract.State.ACTIVE)
    return rows.filter(until__gt=today, until__lte=today + timedelta(days=days)).count()


def change(now: Decimal, before: Decimal) -> tuple[str, str]:
    """("6.8 %", up | down | "") against an earlier figure; ("", "") where there was none."""
    if not before:
        return "", ""
    part = (now - before) / before * 100
    return f"{abs(part):.1f} %", "up" if part >= 0 else "down"


def greeting(now: datetime) -> str:
    if now.hour < 11:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if now.hour < 18 else _("Good evening, %(name)s")
