"""The homes of dealers and alliance members: what they buy, sell, hold and are owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count as Counted
from django.db.models import F, Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from alliance.models import Contract, GuaranteeMonth
from config.facts import promises, trade
from config.facts.shapes import Count, Guarantees, ToDo, in_order, list_url, row_url
from config.facts.staff import order_todos
from config.numbers import grouped
from dealers.models import Party
from ledger.models import Account, Book
from ordering.models import Order, Shipment, Stock
from ordering.web.words import state_badge
from rebates.models import Statement
from rebates.web.lists import period_of
from rebates.web.statements import steps_for
from tenancy.web.shapes import Kpi, Part, Split, Steps, hundredths, sparkline

State = Order.State
OWED = (Account.Kind.RECEIVABLE, Account.Kind.UNAPPLIED)
WALLETS = (Account.Kind.REBATE_WALLET, Account.Kind.GUARANTEE_WALLET)
LEFT = F("on_hand") - F("safety") - F("quarantine") - F("hard") - F("soft")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a party owes its supplier and may spend; `left` is None without a credit limit."""

    book_id: UUID
    supplier: str
    owed: Decimal
    ordered: Decimal
    limit: Decimal | None
    wallet: Decimal

    @property
    def left(self) -> Decimal | None:
        return None if self.limit is None else self.limit - self.owed - self.ordered

    @property
    def credit(self) -> Split | None:
        """What is owed, what is ordered, what is left of the limit."""
        if self.limit is None or self.left is None:
            return None
        owed, ordered = hundredths(self.owed, self.limit), hundredths(self.ordered, self.limit)
        parts = [
            Part("used", "0", owed, _("owed %(amount)s") % {"amount": grouped(self.owed, 2)}),
            Part("main", owed, ordered, _("ordered %(amount)s") % {"amount": grouped(self.ordered, 2)}),
        ]
        note = _("limit %(limit)s") % {"limit": grouped(self.limit, 2)}
        return Split(_("Left to order"), grouped(self.left, 2), parts, note)


def dealer_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Fifteen statements at most."""
    today = now.date()
    mine = actor.party_id
    by_state = trade.orders_by_state(actor)
    standing = _standing(actor)
    statements = latest_statements(actor)
    return {
        "kpis": _dealer_kpis(actor, today, by_state, standing),
        "todos": _dealer_todos(actor, today, by_state),
        "standing": standing,
        "credit": standing.credit if standing else None,
        "books_url": list_url(Book, actor),
        "bought": trade.latest_orders(actor, limit=6, narrowed=Q(buyer_id=mine)),
        "bought_url": list_url(Order, actor, side="bought"),
        "sold": trade.latest_orders(actor, limit=6, narrowed=~Q(buyer_id=mine)),
        "sold_url": list_url(Order, actor, side="sold"),
        "short": _short_stock(actor),
        "short_url": list_url(Stock, actor),
        "guarantees": promises.guarantees(actor) if actor.may("contract.view") else Guarantees(),
        "guarantees_url": list_url(GuaranteeMonth, actor),
        "statements": statements,
        "statements_url": list_url(Statement, actor),
        "progress": progress_of(statements),
        "counts": _partner_counts(actor),
    }


def member_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Ten statements at most."""
    standing = _standing(actor)
    statements = latest_statements(actor)
    contract = _contract(actor, now.date()) if actor.may("contract.view") else None
    return {
        "standing": standing,
        "progress": progress_of(statements),
        "guarantees": promises.guarantees(actor) if actor.may("contract.view") else Guarantees(),
        "contract": contract,
        "contract_url": row_url(Contract, actor, contract.id) if contract else "",
        "arriving": _arriving(actor),
        "prepared": _prepared(actor),
        "may_receive": actor.may("order.deliver"),
        "may_order": actor.may("order.place"),
        "bought": trade.latest_orders(actor, limit=4, narrowed=Q(buyer_id=actor.party_id)),
        "orders_url": list_url(Order, actor, side="bought"),
        "supplier": standing.supplier if standing else "",
    }


def member_rebates(actor: Actor) -> dict[str, Any]:
    """The wallet, how far each program is, and the statements; three statements."""
    statements = latest_statements(actor, limit=24)
    latest: dict[Any, Any] = {}
    for one in statements:
        latest.setdefault(one.settlement.program_id, one)
    return {
        "standing": _standing(actor),
        "programs": [Progress(one, steps_for(one), period_of(one.settlement)) for one in latest.values()],
        "statements": [(one, period_of(one.settlement)) for one in statements],
        "all_url": list_url(Statement, actor),
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a statement is on its program's ladder; `steps` None where it has none."""

    statement: Any
    steps: Steps | None
    period: str


def progress_of(statements: Sequence[Any]) -> Progress | None:
    """Of the newest statement of each program the one that goes on from before, else the newest."""
    if not statements:
        return None
    newest = {one.settlement.program_id: one for one in reversed(statements)}
    going_on = [one for one in newest.values() if not one.settlement.program.starts_anew]
    chosen = max(going_on or newest.values(), key=lambda one: (one.settlement.until, one.cumulative))
    return Progress(chosen, steps_for(chosen), period_of(chosen.settlement))


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
        book_id=books[0].id,
        supplier=books[0].seller.name,
        owed=sum((balance.get(kind, Decimal(0)) for kind in OWED), Decimal(0)),
        ordered=balance.get(Account.Kind.COMMITTED, Decimal(0)),
        limit=sum(limits, Decimal(0)) if limits else None,
        wallet=-sum((balance.get(kind, Decimal(0)) for kind in WALLETS), Decimal(0)),
    )


def _dealer_kpis(actor: Actor, today: date, by_state: trade.ByState, standing: Standing | None) -> list[Kpi]:
    to_confirm = by_state.sold(State.PLACED)
    mine = actor.party_id
    kpis = [
        Kpi(
            label=_("Orders to confirm"), value=grouped(to_confirm),
            note=_("waiting for you") if to_confirm else _("nothing waits"),
            mood="warn" if to_confirm else "good", icon="clock" if to_confirm else "circle-check",
            url=list_url(Order, actor, party=mine, side="sold", state="placed"),
        ),
    ]  # fmt: skip
    if actor.may("price.view"):
        months = trade.delivered_by_month(trade.facts_of(actor), today=today)
        now = next((net for month, net in months if month == today.replace(day=1)), Decimal(0))
        kpis.append(
            Kpi(
                label=_("Delivered this month"), value=grouped(now, 2),
                note=_("net of returns"), spark=sparkline([net for _month, net in months]),
            )
        )  # fmt: skip
    if standing is not None:
        late, since = trade.overdue(actor, today=today)
        told = _("nothing overdue")
        if since is not None:
            told = _("%(amount)s overdue") % {"amount": grouped(late, 2)}
            told += f" · {date_format(since, 'MONTH_DAY_FORMAT')}"
        kpis += [
            Kpi(
                label=_("Owed to the supplier"), value=grouped(standing.owed, 2),
                note=told,
                mood="bad" if late else "good", icon="alert-octagon" if late else "circle-check",
                url=row_url(Book, actor, standing.book_id),
            ),
            Kpi(
                label=_("Wallet"), value=grouped(standing.wallet, 2),
                note=_("rebates and guarantees"), url=row_url(Book, actor, standing.book_id),
            ),
        ]  # fmt: skip
    return kpis


def _dealer_todos(actor: Actor, today: date, by_state: trade.ByState) -> list[ToDo]:
    todos = list(order_todos(actor, by_state))
    if actor.may("order.deliver"):
        coming, first = trade.coming(actor)
        text = ngettext("delivery is on its way to us", "deliveries are on their way to us", coming)
        url = list_url(Shipment, actor, side="bought", state="shipped")
        todos.append(ToDo(coming, text, "package-import", url=url, due=first))
    if actor.may("contract.sign"):
        signing = promises.contracts(actor, today=today).signing
        text = ngettext("contract waits for signatures", "contracts wait for signatures", signing)
        todos.append(ToDo(signing, text, "signature", url=list_url(Contract, actor, state="submitted")))
    return in_order(todos)


def _short_stock(actor: Actor) -> list[Any]:
    """Up to six products of which the least is left to sell."""
    rows = Stock.objects.visible_to(actor).annotate(left=LEFT).select_related("product")
    return list(rows.order_by("left", "id")[:6])


def latest_statements(actor: Actor, *, limit: int = 6) -> list[Any]:
    """The actor's own, newest first; one statement."""
    rows = Statement.objects.visible_to(actor).select_related("settlement__program", "party")
    return list(rows.filter(party_id=actor.party_id).order_by("-settlement__starts_on", "-id")[:limit])


def _contract(actor: Actor, today: date) -> Any:
    rows = Contract.objects.visible_to(actor).filter(state=Contract.State.ACTIVE, until__gt=today)
    found = rows.select_related("dealer").order_by("-starts_on").first()
    if found is not None:
        found.days_left = (found.until - today).days
    return found


def _arriving(actor: Actor) -> list[Any]:
    """What is on its way to the party, with its units."""
    rows = Shipment.objects.visible_to(actor).filter(
        order__buyer_id=actor.party_id, state=Shipment.State.SHIPPED
    )
    rows = rows.annotate(units=Sum(F("lines__qty") + F("lines__free_qty")))
    return list(rows.select_related("order__seller").order_by("-shipped_at", "-id")[:4])


def _prepared(actor: Actor) -> list[Any]:
    """Orders of the party that the seller has said yes to and not shipped yet."""
    rows = Order.objects.visible_to(actor).filter(
        buyer_id=actor.party_id, state__in=(State.CONFIRMED, State.RESERVED)
    )
    found = list(rows.order_by("-placed_at", "-id")[:3])
    for order in found:
        order.badge = state_badge(order.state)
    return found


def _partner_counts(actor: Actor) -> list[Count]:
    kinds = Party.objects.visible_to(actor).filter(is_active=True).exclude(id=actor.party_id)
    told = kinds.aggregate(members=_counted(kind="member"), outlets=_counted(kind="outlet"))
    return [
        Count(
            _("Alliance members"), told["members"], "heart-handshake",
            url=list_url(Party, actor, kind="member"),
        ),
        Count(
            _("Outlets"), told["outlets"], "building-store", url=list_url(Party, actor, kind="outlet")
        ),
    ]  # fmt: skip


def _counted(**narrowed: str) -> Any:
    return Counted("id", filter=Q(**narrowed))
