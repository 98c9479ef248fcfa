"""The components of the homes, and the URLs of the pages that they link to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from accounts.rights import Actor
from alliance.models import GuaranteeMonth
from ui.web.components import Badge, Chart


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something that waits for the user: `due` is the day of the oldest, `when` its text."""

    count: int
    text: str
    icon: str
    mood: str = ""
    when: str = ""
    url: str = ""
    due: date | None = None


def in_order(todos: Sequence[ToDo]) -> list[ToDo]:
    """Return the to-dos with a count: errors first, then by day, then those without a day."""
    return sorted(
        [todo for todo in todos if todo.count],
        key=lambda todo: (todo.mood != "bad", todo.due or date.max),
    )


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs attention; `url` leads to the reason."""

    title: str
    text: str
    icon: str
    mood: str
    when: str = ""
    url: str = ""
    in_drawer: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """The number of rows of a noun."""

    label: str
    count: int
    icon: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    number: str
    other: str
    badge: Badge
    kind: str
    total: Decimal
    placed_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """One guarantee in the last measured month, counted by contract; widths are percentages of a bar.

    `measurements` and `not_met` count what the contracts were measured by, such as deliveries.
    """

    name: str
    icon: str
    kind: str
    measured: int
    broken: int
    measurements: int
    not_met: int
    owed: Decimal
    spark: str = ""

    @property
    def fulfilled(self) -> int:
        return self.measured - self.broken

    @property
    def fulfilled_width(self) -> str:
        return f"{100 * self.fulfilled / self.measured:.2f}" if self.measured else "0"

    @property
    def broken_width(self) -> str:
        return f"{100 * self.broken / self.measured:.2f}" if self.measured else "0"


@dataclass(frozen=True, slots=True)
class Guarantees:
    """The last measured month; `shares` are the percentages kept in the months up to it."""

    month: date | None = None
    rows: Sequence[GuaranteeRow] = ()
    shares: Sequence[Decimal] = ()

    @property
    def owed(self) -> Decimal:
        return sum((row.owed for row in self.rows), Decimal(0))

    @property
    def measured(self) -> int:
        return sum(row.measured for row in self.rows)

    @property
    def broken(self) -> int:
        return sum(row.broken for row in self.rows)

    @property
    def measurements(self) -> int:
        return sum(row.measurements for row in self.rows)

    @property
    def not_met(self) -> int:
        return sum(row.not_met for row in self.rows)


@dataclass(frozen=True, slots=True)
class Movement:
    """The number of parties that moved from one tier to another; `way` is "up" or "down".

    `query` filters the list of scorecards to them.
    """

    before: str
    after: str
    parties: int
    way: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Tiers:
    """The last tier run: the movements between tiers, and their chart."""

    month: date | None = None
    moved: Sequence[Movement] = ()
    parties: int = 0
    promoted: int = 0
    demoted: int = 0
    warned: int = 0
    unsure: int = 0
    chart: Chart | None = None

    @property
    def stayed(self) -> int:
        return self.parties - self.promoted - self.demoted


# The pages of a noun: URL name of its list, URL name of a row, and the right that opens them.
PAGES: dict[str, tuple[str, str, str]] = {
    "ordering.order": ("orders", "order", "order.view"),
    "ordering.shipment": ("shipments", "shipment", "order.view"),
    "ordering.return": ("returns", "return", "order.view"),
    "ordering.stock": ("stock", "", "stock.view"),
    "dealers.party": ("parties", "party", "party.view"),
    "dealers.tiermonth": ("tiers", "scorecard", "tier.view"),
    "alliance.contract": ("contracts", "contract", "contract.view"),
    "alliance.duty": ("duties", "duty", "duty.view"),
    "alliance.planobjective": ("objectives", "objective", "plan.view"),
    "alliance.guaranteemonth": ("guarantees", "", "contract.view"),
    "pricing.pricelist": ("price-lists", "price-list", "price.view"),
    "catalogue.product": ("products", "product", "catalogue.view"),
    "ledger.book": ("books", "book", "ledger.view"),
    "rebates.settlement": ("settlements", "settlement", "rebate.view"),
    "rebates.statement": ("statements", "statement", "rebate.view"),
    "jobs.job": ("jobs", "job", "job.view"),
    "rebates.pricedropclaim": ("price-drop-claims", "price-drop-claim", "price_drop.view"),
}


def list_url(model: type[Model], actor: Actor, **filters: Any) -> str:
    """Return the URL of a noun's list with the filters that are not None; "" if the actor may not open it."""
    filters = {key: value for key, value in filters.items() if value is not None}
    name, _row, right = PAGES[model._meta.label_lower]
    address = address_of(name) if actor.may(right) else ""
    return f"{address}?{urlencode(filters, doseq=True)}" if address and filters else address


def guarantees_url(promised: Guarantees, actor: Actor) -> str:
    """Return the URL of the guarantees of the month; further filters are appended with "&"."""
    return list_url(GuaranteeMonth, actor, month=f"{promised.month:%Y-%m}") if promised.month else ""


def row_url(model: type[Model], actor: Actor, pk: object) -> str:
    """Return the URL of one row's page; "" if the actor may not open it."""
    _list, name, right = PAGES[model._meta.label_lower]
    return address_of(name, pk) if actor.may(right) else ""


def address_of(name: str, *arguments: object) -> str:
    """Return the URL of a page; "" if no page has this name."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
