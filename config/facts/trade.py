"""Orders, deliveries, money: what the homes of all roles take from the trading rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Min, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from config.facts.shapes import OrderRow, row_url
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from kernel.periods import months_after
from ledger.models import OpenItem
from ordering.models import Order, ReturnRequest, Shipment, TradeFact
from ordering.web.words import state_badge

State = Order.State
WAITING = (State.REVIEW, State.HELD, State.PLACED)
TO_SHIP = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)
ON_ITS_WAY = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED, State.SHIPPED)
SPARK_MONTHS = 6
OPEN = F("amount") - F("settled")


@dataclass(frozen=True, slots=True)
class ByState:
    """Orders counted by state: all that the actor sees, and those that its own party sells."""

    seen: dict[str, int]
    ours: dict[str, int]
    oldest: dict[str, date]

    def count(self, *states: str) -> int:
        return sum(self.seen.get(state, 0) for state in states)

    def sold(self, *states: str) -> int:
        return sum(self.ours.get(state, 0) for state in states)

    def since(self, *states: str) -> date | None:
        """The day on which the oldest of ours in these states was placed."""
        return min((self.oldest[state] for state in states if state in self.oldest), default=None)


def orders_by_state(actor: Actor) -> ByState:
    """One statement."""
    is_ours = ExpressionWrapper(Q(seller_id=actor.party_id), output_field=BooleanField())
    found = Order.objects.visible_to(actor).order_by().annotate(is_ours=is_ours)
    seen: dict[str, int] = defaultdict(int)
    ours: dict[str, int] = {}
    oldest: dict[str, date] = {}
    rows = found.values_list("state", "is_ours").annotate(Count("id"), Min("placed_on"))
    for state, sold, count, first in rows:
        seen[state] += count
        if sold:
            ours[state], oldest[state] = count, first
    return ByState(seen, ours, oldest)


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
        badge=state_badge(order.state),
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


def delivered_by_month(rows: Any, *, today: date, beside: date | None = None) -> list[tuple[date, Decimal]]:
    """Net of returns, the last SPARK_MONTHS months and the running one, oldest first; with the month
    that begins on `beside` before them, as far as the running one has come."""
    since = months_after(today.replace(day=1), -SPARK_MONTHS)
    days = Q(day__gte=since, day__lte=today)
    if beside is not None:
        days |= Q(day__gte=beside, day__lt=beside + timedelta(days=today.day))
    found = (
        rows.filter(days)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(net=Sum(F("delivered_net") - F("returned_net")))
        .order_by("month")
    )
    return [(month, net or Decimal(0)) for month, net in found]


def presold_by_month(actor: Actor, *, today: date) -> list[tuple[date, Decimal, Decimal]]:
    """(month, pre-sold, all that was ordered ahead or sold off the van), oldest first; one statement."""
    since = months_after(today.replace(day=1), -SPARK_MONTHS)
    rows = Order.objects.visible_to(actor).filter(kind__in=(Order.Kind.PRESALE, Order.Kind.VAN))
    found = (
        rows.filter(placed_on__gte=since, placed_on__lte=today)
        .exclude(state=State.CANCELLED)
        .order_by()
        .annotate(month=TruncMonth("placed_on"))
        .values_list("month")
        .annotate(ahead=Sum("total", filter=Q(kind=Order.Kind.PRESALE)), all=Sum("total"))
        .order_by("month")
    )
    return [(month, ahead or Decimal(0), total or Decimal(0)) for month, ahead, total in found]


def overdue(actor: Actor, *, today: date) -> tuple[Decimal, date | None]:
    """(what the actor's party owes too late, the oldest day of it)."""
    rows = OpenItem.objects.filter(due_on__lt=today, book__buyer_id=actor.party_id)
    told = rows.exclude(settled=F("amount")).aggregate(money=Sum(OPEN), first=Min("due_on"))
    return told["money"] or Decimal(0), told["first"]


@dataclass(frozen=True, slots=True)
class Debtor:
    book_id: UUID
    name: str
    money: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Receivables:
    """What is owed to the actor's party too late, of how many, and who owes most."""

    money: Decimal
    parties: int
    most: Sequence[Debtor]


def receivables(actor: Actor, *, today: date, limit: int = 3) -> Receivables:
    """Two statements, one where nothing is late."""
    rows = OpenItem.objects.filter(due_on__lt=today, book__seller_id=actor.party_id)
    if actor.role in TERRITORY_ROLES:
        rows = rows.filter(book__buyer__in=Party.objects.visible_to(actor))
    rows = rows.exclude(settled=F("amount")).order_by()
    told = rows.aggregate(money=Sum(OPEN), parties=Count("book__buyer_id", distinct=True))
    if not told["parties"]:
        return Receivables(Decimal(0), 0, ())
    debtors = rows.values_list("book_id", "book__buyer__name").annotate(money=Sum(OPEN), since=Min("due_on"))
    most = [Debtor(*one) for one in debtors.order_by("-money")[:limit]]
    return Receivables(told["money"], told["parties"], most)


def coming(actor: Actor) -> tuple[int, date | None]:
    """(shipments on their way to the actor's party, the day of the first)."""
    rows = Shipment.objects.visible_to(actor).filter(
        order__buyer_id=actor.party_id, state=Shipment.State.SHIPPED
    )
    told = rows.aggregate(count=Count("id"), first=Min("shipped_at"))
    return told["count"], told["first"].date() if told["first"] else None


def asked_back(actor: Actor) -> tuple[int, date | None]:
    """(requests to take goods back that wait for the actor's party, the day of the oldest)."""
    rows = ReturnRequest.objects.visible_to(actor).filter(
        state=ReturnRequest.State.ASKED, order__seller_id=actor.party_id
    )
    told = rows.aggregate(count=Count("id"), first=Min("asked_at"))
    return told["count"], told["first"].date() if told["first"] else None


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
