"""Orders, deliveries and receivables for the homes of all roles.

A function that returns a RowQuery is separate from the one that interprets its rows, so that a home runs
many queries in one SQL statement (see `together`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Min, OuterRef, Subquery, Sum, Window
from django.utils.translation import gettext as _

from accounts.rights import Actor
from kernel.periods import months_after
from ledger.models import Book
from ledger.queries import overdue_items
from ordering.models import Order, ReturnRequest, Shipment, TradeDay
from ordering.models.order import TO_OUTLETS, UNDER_WAY
from ordering.web.labels import state_badge
from portal.queries.combined_query import Row, RowQuery, totals
from portal.queries.home_components import OrderRow, row_url
from portal.queries.visibility import in_sight

State = Order.State
TO_SHIP = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)
ON_ITS_WAY = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED, State.SHIPPED)
SPARK_MONTHS = 6
OPEN = F("amount") - F("settled")
NOTHING: Row = (0, None)
ORDER_COLUMNS = (
    "id",
    "number",
    "kind",
    "state",
    "total",
    "placed_at",
    "buyer_id",
    "buyer__name",
    "seller__name",
)


class _AddedUp(Func):
    """The sum of an aggregate over all groups, in a window; Django's Sum() refuses an aggregate."""

    function = "sum"
    window_compatible = True


def sold_by(actor: Actor) -> Any:
    """Return the orders that the actor's party sells and that are visible to the actor."""
    if not actor.may("order.view"):
        return Order.objects.none()
    return in_sight(Order.objects.filter(seller_id=actor.party_id), "buyer", actor)


def bought_by(actor: Actor) -> Any:
    """Return the orders by which the actor's party buys."""
    return Order.objects.filter(buyer_id=actor.party_id) if actor.may("order.view") else Order.objects.none()


def by_state(rows: Any) -> RowQuery:
    """Query (state, count, day of the oldest) of the orders under way."""
    found: RowQuery = rows.filter(state__in=UNDER_WAY).order_by().values_list("state")
    return found.annotate(Count("id"), Min("placed_on"))


@dataclass(frozen=True, slots=True)
class ByState:
    """Orders under way counted by state, with the day on which the oldest of each was placed."""

    counts: dict[str, int]
    oldest: dict[str, date]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> ByState:
        listed = list(rows)
        return cls({row[0]: row[1] for row in listed}, {row[0]: row[2] for row in listed})

    def count(self, *states: str) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    def since(self, *states: str) -> date | None:
        return min((self.oldest[state] for state in states if state in self.oldest), default=None)


def latest(rows: Any, limit: int) -> RowQuery:
    """Query ORDER_COLUMNS of the newest orders."""
    found: RowQuery = rows.order_by("-placed_at", "-id").values_list(*ORDER_COLUMNS)
    return found[:limit]


def order_rows(rows: Iterable[Row], actor: Actor) -> list[OrderRow]:
    """Return the rows of `latest` for display; `other` is the seller if the actor's party buys."""
    return [
        OrderRow(
            number=number,
            other=seller if buyer_id == actor.party_id else buyer,
            badge=state_badge(state),
            kind=str(Order.Kind(kind).label),
            total=total,
            placed_at=placed_at,
            url=row_url(Order, actor, order_id),
        )
        for order_id, number, kind, state, total, placed_at, buyer_id, buyer, seller in rows
    ]


def delivered(actor: Actor, *, today: date) -> RowQuery:
    """Query (day, net amount delivered less returns) of the current month and SPARK_MONTHS before it."""
    return _delivered(actor, months_after(today.replace(day=1), -SPARK_MONTHS), today)


def delivered_a_year_ago(actor: Actor, *, today: date) -> RowQuery:
    """Query the same rows of the month a year ago, up to the same day of the month."""
    first = months_after(today.replace(day=1), -12)
    end = months_after(first, 1) - timedelta(days=1)
    return _delivered(actor, first, min(first + timedelta(days=today.day - 1), end))


def _delivered(actor: Actor, first: date, last: date) -> RowQuery:
    rows = TradeDay.objects.filter(day__gte=first, day__lte=last, seller_id=actor.party_id)
    found: RowQuery = in_sight(rows, "buyer_id", actor).order_by().values_list("day")
    return found.annotate(net=Sum(F("delivered_net") - F("returned_net")))


def by_month(rows: Iterable[Row]) -> list[tuple[date, Decimal]]:
    """Sum daily figures by month, oldest first."""
    found: dict[date, Decimal] = defaultdict(Decimal)
    for day, net in rows:
        found[day.replace(day=1)] += net
    return sorted(found.items())


def to_outlets(actor: Actor, *, today: date) -> RowQuery:
    """Query (day, kind, total) of pre-sales and van sales to outlets by all sellers."""
    since = months_after(today.replace(day=1), -SPARK_MONTHS)
    rows = Order.objects.filter(kind__in=TO_OUTLETS, placed_on__gte=since, placed_on__lte=today)
    found: RowQuery = in_sight(rows.exclude(state=State.CANCELLED), "buyer", actor).order_by()
    return found.values_list("placed_on", "kind").annotate(Sum("total"))


def presold_by_month(rows: Iterable[Row]) -> list[tuple[date, Decimal, Decimal]]:
    """Return (month, pre-sold, pre-sold plus van sales) from the rows of `to_outlets`, oldest first."""
    listed = list(rows)
    ahead = dict(by_month((day, total) for day, kind, total in listed if kind == Order.Kind.PRESALE))
    sums = by_month((day, total) for day, _kind, total in listed)
    return [(month, ahead.get(month, Decimal(0)), total) for month, total in sums]


def overdue(actor: Actor, *, today: date) -> RowQuery:
    """Query (overdue amount that the actor's party owes, its oldest due date)."""
    rows = overdue_items(today).filter(book__buyer_id=actor.party_id)
    return totals(rows, money=Sum(OPEN), first=Min("due_on"))


@dataclass(frozen=True, slots=True)
class Debtor:
    book_id: UUID
    name: str
    money: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Receivables:
    """The overdue amount owed to the actor's party, the number of debtors and the largest of them."""

    money: Decimal
    parties: int
    largest: Sequence[Debtor]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Receivables:
        listed = list(rows)
        if not listed:
            return cls(Decimal(0), 0, ())
        return cls(listed[0][3], listed[0][4], [Debtor(one[0], one[5], one[1], one[2]) for one in listed])


def debtors(actor: Actor, *, today: date, limit: int = 3) -> RowQuery:
    """Query the largest overdue debtors: (book, money, since, total overdue, number of debtors, name).

    A book has one buyer, so that books count as parties.
    """
    rows = overdue_items(today).filter(book__seller_id=actor.party_id)
    rows = in_sight(rows if actor.may("ledger.view") else rows.none(), "book__buyer", actor)
    owed = rows.order_by().values("book_id")
    owed = owed.annotate(money=Sum(OPEN), since=Min("due_on"))
    owed = owed.annotate(everything=Window(_AddedUp("money")), parties=Window(Count("*")))
    name = Book.objects.filter(id=OuterRef("book_id")).values("buyer__name")[:1]
    found: RowQuery = owed.annotate(name=Subquery(name)).order_by("-money", "book_id")
    return found.values_list("book_id", "money", "since", "everything", "parties", "name")[:limit]


def coming(actor: Actor) -> RowQuery:
    """Query (number of shipments on their way to the actor's party, when the first was sent)."""
    rows = Shipment.objects.filter(order__buyer_id=actor.party_id, state=Shipment.State.SHIPPED)
    return totals(
        rows if actor.may("order.view") else rows.none(), count=Count("id"), first=Min("shipped_at")
    )


def return_requests(actor: Actor) -> RowQuery:
    """Query (number of return requests that wait for the actor's party, when the oldest was made)."""
    rows = ReturnRequest.objects.filter(state=ReturnRequest.State.REQUESTED, order__seller_id=actor.party_id)
    may = actor.may("order.return") and actor.may("order.view")
    rows = in_sight(rows if may else rows.none(), "order__buyer", actor)
    return totals(rows, count=Count("id"), first=Min("requested_at"))


def change(now: Decimal, before: Decimal) -> tuple[str, str]:
    """Return the change against an earlier figure as ("6.8 %", "up" or "down"); ("", "") if it was 0."""
    if not before:
        return "", ""
    part = (now - before) / before * 100
    return f"{abs(part):.1f} %", "up" if part >= 0 else "down"


def greeting(now: datetime) -> str:
    if now.hour < 11:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if now.hour < 18 else _("Good evening, %(name)s")
