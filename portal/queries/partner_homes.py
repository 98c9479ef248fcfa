"""The homes of dealers and alliance members: orders, stock, accounts, guarantees and rebates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Sum, When
from django.db.models import Count as Counted
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import MEMBER, OUTLET, Actor
from alliance.models import Contract, GuaranteeMonth
from dealers.models import Party
from ledger.models import Account, Book
from ordering.models import Order, Shipment, Stock
from ordering.web.labels import state_badge
from portal.queries import guarantees, trade
from portal.queries.combined_query import Row, RowQuery, together
from portal.queries.home_components import Count, ToDo, in_order, list_url, row_url
from portal.queries.staff_home import order_todos
from rebates.models import Statement
from rebates.web.lists import period_of
from rebates.web.statements import steps_for
from ui.web.components import Kpi, Part, Split, Steps, hundredths, sparkline
from ui.web.numbers import grouped

State = Order.State
OWED = (Account.Kind.RECEIVABLE, Account.Kind.UNAPPLIED)
WALLETS = (Account.Kind.REBATE_WALLET, Account.Kind.GUARANTEE_WALLET)
LEFT = F("on_hand") - F("safety") - F("quarantine") - F("hard") - F("soft")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a party owes its supplier, and the amount it may still spend (None without a credit limit)."""

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
        """The credit limit split into the amounts owed, ordered and left."""
        if self.limit is None or self.left is None:
            return None
        owed, ordered = hundredths(self.owed, self.limit), hundredths(self.ordered, self.limit)
        parts = [
            Part("used", "0", owed, _("owed %(amount)s") % {"amount": grouped(self.owed, 2)}),
            Part("main", owed, ordered, _("ordered %(amount)s") % {"amount": grouped(self.ordered, 2)}),
        ]
        note = _("credit limit %(limit)s") % {"limit": grouped(self.limit, 2)}
        return Split(_("Available credit"), grouped(self.left, 2), parts, note)


def dealer_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return the context of a dealer's home. Five SQL statements."""
    today = now.date()
    results = together(
        sold_by_state=trade.by_state(trade.sold_by(actor)),
        return_requests=trade.return_requests(actor),
        coming=trade.coming(actor),
        delivered=trade.delivered(actor, today=today),
        bought=trade.latest(trade.bought_by(actor), 6),
        sold=trade.latest(trade.sold_by(actor), 6),
        **_accounts(actor, today),
    )
    results |= together(
        fulfilment=guarantees.fulfilment(actor),
        waiting=guarantees.waiting(actor, today=today),
        customers=_customers(actor),
    )
    standing = _standing(results)
    statements = latest_statements(actor)
    return {
        "kpis": _dealer_kpis(actor, today, results, standing),
        "todos": _dealer_todos(actor, results),
        "standing": standing,
        "credit": standing.credit if standing else None,
        "books_url": list_url(Book, actor),
        "bought": trade.order_rows(results["bought"], actor),
        "bought_url": list_url(Order, actor, side="bought"),
        "sold": trade.order_rows(results["sold"], actor),
        "sold_url": list_url(Order, actor, side="sold"),
        "short": _short_stock(actor),
        "short_url": list_url(Stock, actor),
        "guarantees": guarantees.guarantees(results["fulfilment"]),
        "guarantees_url": list_url(GuaranteeMonth, actor),
        "statements": statements,
        "statements_url": list_url(Statement, actor),
        "progress": progress_of(statements),
        "counts": _partner_counts(results["customers"], actor),
    }


def member_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return the context of a member's home. Five SQL statements."""
    results = together(
        fulfilment=guarantees.fulfilment(actor),
        bought=trade.latest(trade.bought_by(actor), 4),
        **_accounts(actor, now.date()),
    )
    standing = _standing(results)
    statements = latest_statements(actor)
    contract = _contract(actor, now.date()) if actor.may("contract.view") else None
    return {
        "standing": standing,
        "progress": progress_of(statements),
        "guarantees": guarantees.guarantees(results["fulfilment"]),
        "contract": contract,
        "contract_url": row_url(Contract, actor, contract.id) if contract else "",
        "arriving": _arriving(actor),
        "prepared": _prepared(actor),
        "may_receive": actor.may("order.deliver"),
        "may_order": actor.may("order.place"),
        "bought": trade.order_rows(results["bought"], actor),
        "orders_url": list_url(Order, actor, side="bought"),
        "supplier": standing.supplier if standing else "",
    }


def member_rebates(actor: Actor) -> dict[str, Any]:
    """Return a member's wallet, the progress of each program and the statements. Two SQL statements."""
    statements = latest_statements(actor, limit=24)
    latest: dict[Any, Any] = {}
    for one in statements:
        latest.setdefault(one.settlement.program_id, one)
    return {
        "standing": _standing(together(**_accounts(actor))),
        "programs": [Progress(one, steps_for(one), period_of(one.settlement)) for one in latest.values()],
        "statements": [(one, period_of(one.settlement)) for one in statements],
        "all_url": list_url(Statement, actor),
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a statement on its program's steps; `steps` is None if it has none."""

    statement: Any
    steps: Steps | None
    period: str


def progress_of(statements: Sequence[Any]) -> Progress | None:
    """Return the progress of the newest statement, preferring a program with a cumulative base."""
    if not statements:
        return None
    newest = {one.settlement.program_id: one for one in reversed(statements)}
    continuing = [one for one in newest.values() if not one.settlement.program.starts_anew]
    chosen = max(continuing or newest.values(), key=lambda one: (one.settlement.until, one.cumulative))
    return Progress(chosen, steps_for(chosen), period_of(chosen.settlement))


def _accounts(actor: Actor, today: date | None = None) -> dict[str, RowQuery]:
    """Query the books in which the party buys, their balances, and with `today` the overdue amount."""
    books, balances = Book.objects.none(), Account.objects.none()
    if actor.may("ledger.view"):
        books = Book.objects.filter(buyer_id=actor.party_id)
        balances = Account.objects.filter(book__buyer_id=actor.party_id)
    queries = {
        "books": books.order_by("id").values_list("id", "seller__name", "credit_limit"),
        "balances": balances.order_by().values_list("kind").annotate(Sum("balance")),
    }
    if today is not None and actor.may("ledger.view"):
        queries["overdue"] = trade.overdue(actor, today=today)
    return queries


def _standing(results: dict[str, list[Row]]) -> Standing | None:
    """Return the standing from the rows of `_accounts`; None if there is no book."""
    books = results["books"]
    balance: dict[str, Decimal] = dict(results["balances"])
    if not books:
        return None
    book_id, supplier, _limit = books[0]
    limits = [limit for _book_id, _supplier, limit in books if limit is not None]
    return Standing(
        book_id=book_id,
        supplier=supplier,
        owed=sum((balance.get(kind, Decimal(0)) for kind in OWED), Decimal(0)),
        ordered=balance.get(Account.Kind.COMMITTED, Decimal(0)),
        limit=sum(limits, Decimal(0)) if limits else None,
        wallet=-sum((balance.get(kind, Decimal(0)) for kind in WALLETS), Decimal(0)),
    )


def _dealer_kpis(
    actor: Actor, today: date, results: dict[str, list[Row]], standing: Standing | None
) -> list[Kpi]:
    kpis = _waiting_kpis(actor, results)
    if actor.may("price.view"):
        months = trade.by_month(results["delivered"])
        now = next((net for month, net in months if month == today.replace(day=1)), Decimal(0))
        kpis.append(
            Kpi(
                label=_("Delivered this month"),
                value=grouped(now, 2),
                note=_("net of returns"),
                spark=sparkline([net for _month, net in months]),
            )
        )
    if standing is not None:
        late, since = results["overdue"][0]
        note = _("nothing overdue")
        if since is not None:
            note = _("%(amount)s overdue") % {"amount": grouped(late, 2)}
            note += f" · {date_format(since, 'MONTH_DAY_FORMAT')}"
        kpis += [
            Kpi(
                label=_("Owed to the supplier"),
                value=grouped(standing.owed, 2),
                note=note,
                mood="bad" if late else "good",
                icon="alert-octagon" if late else "circle-check",
                url=row_url(Book, actor, standing.book_id),
            ),
            Kpi(
                label=_("Wallet"),
                value=grouped(standing.wallet, 2),
                note=_("rebates and guarantees"),
                url=row_url(Book, actor, standing.book_id),
            ),
        ]
    return kpis


def _waiting_kpis(actor: Actor, results: dict[str, list[Row]]) -> list[Kpi]:
    """Return how many orders and deliveries wait for what the actor may do."""
    sold, mine = trade.ByState.of(results["sold_by_state"]), actor.party_id
    coming = results["coming"][0][0] if results["coming"] else 0
    waiting = (
        ("order.confirm", _("Orders to confirm"), sold.count(State.PLACED), Order, ["placed"]),
        ("order.ship", _("Orders to ship"), sold.count(*trade.TO_SHIP), Order, list(trade.TO_SHIP)),
        ("order.deliver", _("Deliveries to receive"), coming, Shipment, ["shipped"]),
    )
    kpis = []
    for right, label, count, model, states in waiting:
        if not actor.may(right):
            continue
        narrowed = {"party": mine, "side": "sold"} if model is Order else {"side": "bought"}
        kpis.append(
            Kpi(
                label=label,
                value=grouped(count),
                note=_("waiting for you") if count else _("nothing waits"),
                mood="warn" if count else "good",
                icon="clock" if count else "circle-check",
                url=list_url(model, actor, state=states, **narrowed),
            )
        )
    return kpis


def _dealer_todos(actor: Actor, results: dict[str, list[Row]]) -> list[ToDo]:
    todos = list(order_todos(actor, results["sold_by_state"], results["return_requests"]))
    if actor.may("order.deliver"):
        coming, sent = results["coming"][0] if results["coming"] else trade.NOTHING
        first = timezone.localdate(sent) if sent else None
        text = ngettext("delivery in transit to us", "deliveries in transit to us", coming)
        url = list_url(Shipment, actor, side="bought", state="shipped")
        todos.append(ToDo(coming, text, "package-import", url=url, due=first))
    if actor.may("contract.sign"):
        signing = guarantees.Contracts.of(results["waiting"]).signing
        text = ngettext("contract waits for signatures", "contracts wait for signatures", signing)
        todos.append(ToDo(signing, text, "signature", url=list_url(Contract, actor, state="submitted")))
    return in_order(todos)


def _short_stock(actor: Actor) -> list[Any]:
    """Return the six products with the least stock left to sell."""
    rows = Stock.objects.visible_to(actor).annotate(left=LEFT).select_related("product")
    return list(rows.order_by("left", "id")[:6])


def latest_statements(actor: Actor, *, limit: int = 6) -> list[Any]:
    """Return the actor's own rebate statements, newest first. One SQL statement."""
    rows = Statement.objects.visible_to(actor).select_related("settlement__program", "party")
    return list(rows.filter(party_id=actor.party_id).order_by("-settlement__starts_on", "-id")[:limit])


def _contract(actor: Actor, today: date) -> Any:
    rows = Contract.objects.visible_to(actor).filter(state=Contract.State.ACTIVE, until__gt=today)
    begun = Case(
        When(starts_on__lte=today, then=0), default=1
    )  # a next version may be signed before it starts
    found = rows.select_related("dealer").order_by(begun, "-starts_on").first()
    if found is not None:
        found.days_left = (found.until - today).days
    return found


def _arriving(actor: Actor) -> list[Any]:
    """Return the shipments on their way to the party, with their units."""
    rows = Shipment.objects.visible_to(actor).filter(
        order__buyer_id=actor.party_id, state=Shipment.State.SHIPPED
    )
    rows = rows.annotate(units=Sum(F("lines__qty") + F("lines__free_qty")))
    return list(rows.select_related("order__seller").order_by("-shipped_at", "-id")[:4])


def _prepared(actor: Actor) -> list[Any]:
    """Return the party's orders that the seller has confirmed and not shipped yet."""
    rows = Order.objects.visible_to(actor).filter(
        buyer_id=actor.party_id, state__in=(State.CONFIRMED, State.RESERVED)
    )
    found = list(rows.order_by("-placed_at", "-id")[:3])
    for order in found:
        order.badge = state_badge(order.state)
    return found


def _customers(actor: Actor) -> RowQuery:
    """Query (kind, count) of the active parties that are visible to the actor, without its own."""
    rows = Party.objects.visible_to(actor).filter(is_active=True).exclude(id=actor.party_id)
    found: RowQuery = rows.order_by().values_list("kind").annotate(parties=Counted("*"))
    return found


def _partner_counts(rows: Iterable[Row], actor: Actor) -> list[Count]:
    parties: dict[str, int] = dict(rows)
    return [
        Count(
            _("Alliance members"),
            parties.get(MEMBER, 0),
            "heart-handshake",
            url=list_url(Party, actor, kind="member"),
        ),
        Count(
            _("Outlets"),
            parties.get(OUTLET, 0),
            "building-store",
            url=list_url(Party, actor, kind="outlet"),
        ),
    ]
