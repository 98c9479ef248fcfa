"""The homes of dealers and alliance members: what they buy, sell, hold and are owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count as Counted
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from alliance.models import Contract
from config.facts import trade
from config.facts.shapes import Count, ToDo
from config.numbers import grouped
from dealers.models import Party
from ledger.models import Account, Book
from ordering.models import Order, Shipment, Stock
from rebates.models import Statement
from tenancy.web.shapes import Kpi, sparkline

OWED = (Account.Kind.RECEIVABLE, Account.Kind.UNAPPLIED)
WALLETS = (Account.Kind.REBATE_WALLET, Account.Kind.GUARANTEE_WALLET)
LEFT = F("on_hand") - F("safety") - F("quarantine") - F("hard") - F("soft")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a party owes its supplier and may spend; `left` is None without a credit limit."""

    supplier: str
    owed: Decimal
    ordered: Decimal
    limit: Decimal | None
    wallet: Decimal

    @property
    def left(self) -> Decimal | None:
        return None if self.limit is None else self.limit - self.owed - self.ordered

    @property
    def used_width(self) -> str:
        if not self.limit:
            return "0"
        return f"{max(Decimal(0), min(Decimal(100), 100 * (self.owed + self.ordered) / self.limit)):.1f}"


def dealer_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    today = now.date()
    mine = actor.party_id
    sold = trade.orders_by_state(actor, sold_by=mine)
    standing = _standing(actor)
    statements = _statements(actor)
    return {
        "kpis": _dealer_kpis(actor, today, sold, standing),
        "todos": _dealer_todos(sold, trade.contracts_by_state(actor)),
        "standing": standing,
        "bought": trade.latest_orders(actor, limit=6, narrowed=Q(buyer_id=mine)),
        "sold": trade.latest_orders(actor, limit=6, narrowed=~Q(buyer_id=mine)),
        "short": _short_stock(actor),
        "guarantees": trade.guarantees(actor),
        "statements": statements,
        "counts": _partner_counts(actor),
    }


def member_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    standing = _standing(actor)
    return {
        "standing": standing,
        "guarantees": trade.guarantees(actor),
        "contract": _contract(actor, now.date()),
        "arriving": _arriving(actor),
        "bought": trade.latest_orders(actor, limit=5, narrowed=Q(buyer_id=actor.party_id)),
        "sold": trade.latest_orders(actor, limit=5, narrowed=Q(seller_id=actor.party_id)),
        "statements": _statements(actor),
        "outlets": _outlets(actor),
        "supplier": standing.supplier if standing else "",
    }


def _standing(actor: Actor) -> Standing | None:
    """Of the books in which the party buys; two statements, None where there is no book."""
    if not actor.may("ledger.view"):
        return None
    books = list(Book.objects.filter(buyer_id=actor.party_id).select_related("seller").order_by("id"))
    if not books:
        return None
    rows = Account.objects.filter(book__in=books).order_by().values_list("kind").annotate(Sum("balance"))
    balance = dict(rows)
    limits = [Decimal(str(book.credit_limit)) for book in books if book.credit_limit is not None]
    return Standing(
        supplier=books[0].seller.name,
        owed=sum((balance.get(kind, Decimal(0)) for kind in OWED), Decimal(0)),
        ordered=balance.get(Account.Kind.COMMITTED, Decimal(0)),
        limit=sum(limits, Decimal(0)) if limits else None,
        wallet=-sum((balance.get(kind, Decimal(0)) for kind in WALLETS), Decimal(0)),
    )


def _dealer_kpis(actor: Actor, today: date, sold: Any, standing: Standing | None) -> list[Kpi]:
    to_confirm = trade.count_of(sold, [Order.State.PLACED])
    rows = trade.facts_of(actor)
    months = trade.delivered_by_month(rows, today=today)
    now = next((net for month, net in months if month == today.replace(day=1)), Decimal(0))
    kpis = [
        Kpi(
            label=_("Orders to confirm"), value=str(to_confirm),
            note=_("waiting for you") if to_confirm else _("nothing waits"),
            mood="warn" if to_confirm else "good", icon="clock" if to_confirm else "circle-check",
        ),
        Kpi(
            label=_("Delivered this month"), value=grouped(now, 2),
            note=_("net of returns"), spark=sparkline([net for _month, net in months]),
        ),
    ]  # fmt: skip
    if standing is not None:
        late, _parties = trade.overdue(actor, today=today)
        kpis += [
            Kpi(
                label=_("Owed to the supplier"), value=grouped(standing.owed, 2),
                note=_("%(amount)s overdue") % {"amount": grouped(late, 2)}
                if late else _("nothing overdue"),
                mood="bad" if late else "good", icon="alert-octagon" if late else "circle-check",
            ),
            Kpi(
                label=_("Wallet"), value=grouped(standing.wallet, 2),
                note=_("rebates and guarantees"),
            ),
        ]  # fmt: skip
    return kpis


def _dealer_todos(sold: Any, contracts: dict[str, int]) -> list[ToDo]:
    held = trade.count_of(sold, [Order.State.HELD])
    review = trade.count_of(sold, [Order.State.REVIEW])
    placed = trade.count_of(sold, [Order.State.PLACED])
    ready = trade.count_of(sold, [Order.State.CONFIRMED, Order.State.RESERVED])
    signing = contracts.get(Contract.State.SUBMITTED, 0)
    todos = [
        ToDo(
            held,
            ngettext("order is held by credit", "orders are held by credit", held),
            "lock",
            "bad",
            url="#orders",
        ),
        ToDo(
            review,
            ngettext("order waits for approval", "orders wait for approval", review),
            "gavel",
            "warn",
            url="#orders",
        ),
        ToDo(
            placed,
            ngettext("order waits to be confirmed", "orders wait to be confirmed", placed),
            "shopping-cart",
            "warn",
            url="#orders",
        ),
        ToDo(
            ready,
            ngettext("order waits to be shipped", "orders wait to be shipped", ready),
            "truck-delivery",
            url="#orders",
        ),
        ToDo(
            signing,
            ngettext("contract waits for signatures", "contracts wait for signatures", signing),
            "signature",
            url="#guarantees",
        ),
    ]
    return [todo for todo in todos if todo.count]


def _short_stock(actor: Actor) -> list[Any]:
    """Up to six products of which the least is left to sell."""
    rows = Stock.objects.visible_to(actor).annotate(left=LEFT).select_related("product")
    return list(rows.order_by("left", "id")[:6])


def _statements(actor: Actor) -> list[Any]:
    rows = Statement.objects.visible_to(actor).select_related("settlement__program", "party")
    return list(rows.filter(party_id=actor.party_id).order_by("-settlement__starts_on", "-id")[:5])


def _contract(actor: Actor, today: date) -> Any:
    rows = Contract.objects.visible_to(actor).filter(state=Contract.State.ACTIVE, until__gt=today)
    found = rows.select_related("dealer").order_by("-starts_on").first()
    if found is not None:
        found.days_left = (found.until - today).days
    return found


def _arriving(actor: Actor) -> list[Any]:
    rows = Shipment.objects.visible_to(actor).filter(
        order__buyer_id=actor.party_id, state=Shipment.State.SHIPPED
    )
    return list(rows.select_related("order__seller").order_by("-shipped_at")[:5])


def _outlets(actor: Actor) -> list[Any]:
    rows = Party.objects.visible_to(actor).filter(parent_id=actor.party_id, is_active=True)
    return list(rows.select_related("region").order_by("code")[:6])


def _partner_counts(actor: Actor) -> list[Count]:
    kinds = Party.objects.visible_to(actor).filter(is_active=True).exclude(id=actor.party_id)
    told = kinds.aggregate(members=_counted(kind="member"), outlets=_counted(kind="outlet"))
    return [
        Count(_("Alliance members"), told["members"], "heart-handshake"),
        Count(_("Outlets"), told["outlets"], "building-store"),
    ]


def _counted(**narrowed: str) -> Any:
    return Counted("id", filter=Q(**narrowed))
