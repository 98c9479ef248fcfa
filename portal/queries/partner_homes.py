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
from alliance.models import Contract
from dealers.models import Party
from kernel.money import ZERO
from ledger.models import Book
from ledger.queries import Position, positions_of
from ledger.web.credit_bar import credit_bar
from ordering.models import Order, Shipment, Stock
from ordering.web.labels import state_badge
from portal.queries import duties, guarantees, price_drops, trade
from portal.queries.combined_query import Row, RowQuery, together
from portal.queries.home_components import Count, ToDo, guarantees_url, in_order, list_url, row_url
from portal.queries.staff_home import order_todos
from rebates.models import Statement
from rebates.queries.current_period import current_rebates
from rebates.web.current import CurrentProgress, progress_of
from rebates.web.lists import period_of
from ui.web.components import Kpi, Split, sparkline
from ui.web.numbers import grouped

State = Order.State
LEFT = F("on_hand") - F("safety") - F("quarantine") - F("hard") - F("soft")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a party owes its suppliers, and what it may still order and spend."""

    positions: Sequence[Position]
    supplier: str
    today: date

    @property
    def book_id(self) -> UUID:
        return self.positions[0].book_id

    @property
    def owed(self) -> Decimal:
        return sum((one.owed for one in self.positions), ZERO)

    @property
    def prepayment(self) -> Decimal:
        return sum((one.prepayment for one in self.positions), ZERO)

    @property
    def security_deposit(self) -> Decimal:
        return sum((one.security_deposit for one in self.positions), ZERO)

    @property
    def wallet(self) -> Decimal:
        return sum((one.wallet for one in self.positions), ZERO)

    @property
    def credit(self) -> Split | None:
        return credit_bar(self.positions, self.today)

    def url(self, actor: Actor) -> str:
        """Return the page of the only book, or the list of several."""
        if len(self.positions) == 1:
            return row_url(Book, actor, self.book_id)
        return list_url(Book, actor, side="bought")


def dealer_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return the context of a dealer's home. Ten SQL statements."""
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
        duties=duties.open_duties(actor, today=today),
        objectives=duties.open_objectives(actor),
        price_drops=price_drops.open_claims(actor),
        customers=_customers(actor),
    )
    standing = _standing(results, today)
    promised = guarantees.guarantees(results["fulfilment"])
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
        "guarantees": promised,
        "guarantees_url": guarantees_url(promised, actor),
        "statements": latest_statements(actor),
        "statements_url": list_url(Statement, actor, party=actor.party_id),
        "current": current_progress(actor, today),
        "counts": _partner_counts(results["customers"], actor),
    }


def member_home(actor: Actor, *, now: datetime) -> dict[str, Any]:
    """Return the context of a member's home. Ten SQL statements."""
    today = now.date()
    results = together(
        fulfilment=guarantees.fulfilment(actor),
        duties=duties.open_duties(actor, today=today),
        objectives=duties.open_objectives(actor),
        price_drops=price_drops.open_claims(actor),
        bought=trade.latest(trade.bought_by(actor), 4),
        coming=trade.coming(actor),
        **_accounts(actor, today),
    )
    standing = _standing(results, today)
    contract = _contract(actor, today) if actor.may("contract.view") else None
    return {
        "standing": standing,
        "current": current_progress(actor, today),
        "todos": in_order(
            [
                *duties.duty_todos(actor, results["duties"], results["objectives"]),
                *price_drops.claim_todos(actor, results["price_drops"]),
            ]
        ),
        "guarantees": guarantees.guarantees(results["fulfilment"]),
        "contract": contract,
        "contract_url": row_url(Contract, actor, contract.id) if contract else "",
        "arriving": _arriving(actor),
        "coming": results["coming"][0][0] if results["coming"] else 0,
        "coming_url": list_url(Shipment, actor, side="bought", state="shipped"),
        "prepared": _prepared(actor),
        "may_receive": actor.may("order.deliver"),
        "may_order": actor.may("order.place"),
        "bought": trade.order_rows(results["bought"], actor),
        "orders_url": list_url(Order, actor, side="bought"),
        "supplier": standing.supplier if standing else "",
    }


def member_rebates(actor: Actor) -> dict[str, Any]:
    """Return a member's wallet, the rebates of the current periods and the statements."""
    statements, today = latest_statements(actor, limit=24), timezone.localdate()
    return {
        "standing": _standing(together(**_accounts(actor)), today),
        "programs": current_programs(actor, today),
        "statements": [(one, period_of(one.settlement)) for one in statements],
        "all_url": list_url(Statement, actor),
    }


def current_programs(actor: Actor, today: date) -> list[CurrentProgress]:
    """Return the rebates of the current periods of the actor's party; none without the right."""
    if not actor.may("rebate.view") or actor.party_id is None:
        return []
    return [progress_of(one) for one in current_rebates(buyer_id=actor.party_id, on=today)]


def current_progress(actor: Actor, today: date) -> CurrentProgress | None:
    """Return the program that has earned the most in its current period."""
    return max(current_programs(actor, today), key=lambda one: one.earned, default=None)


def _accounts(actor: Actor, today: date | None = None) -> dict[str, RowQuery]:
    """Query the books in which the party buys, and with `today` the overdue amount."""
    books = Book.objects.filter(buyer_id=actor.party_id)
    if not actor.may("ledger.view"):
        books = books.none()
    queries = {"books": books.order_by("id").values_list("id", "seller__name")}
    if today is not None and actor.may("ledger.view"):
        queries["overdue"] = trade.overdue(actor, today=today)
    return queries


def _standing(results: dict[str, list[Row]], today: date) -> Standing | None:
    """Return the standing in the books of `_accounts`; None if there is no book. Two SQL statements."""
    books = results["books"]
    if not books:
        return None
    positions = positions_of([book_id for book_id, _supplier in books])
    return Standing([positions[book_id] for book_id, _supplier in books], books[0][1], today)


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
                label=_("Total owed"),
                value=grouped(standing.owed, 2),
                note=note,
                mood="bad" if late else "good",
                icon="alert-octagon" if late else "circle-check",
                url=standing.url(actor),
            ),
            Kpi(
                label=_("Wallet"),
                value=grouped(standing.wallet, 2),
                note=_("rebates and guarantees"),
                url=standing.url(actor),
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
    todos += duties.duty_todos(actor, results["duties"], results["objectives"])
    todos += price_drops.claim_todos(actor, results["price_drops"])
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
            url=list_url(Party, actor, kind="member", is_active="true"),
        ),
        Count(
            _("Outlets"),
            parties.get(OUTLET, 0),
            "building-store",
            url=list_url(Party, actor, kind="outlet", is_active="true"),
        ),
    ]
