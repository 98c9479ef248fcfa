"""The phone's pages for pre-sale orders: outlets, an outlet, and the form, which works without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.quantities import line_amount
from kernel.refusals import Refusal
from kernel.typed_input import read_amount
from ordering.operations.placing import Window
from ordering.operations.presale import DisplayedTotal, place_presale_order
from ordering.queries.delivery_windows import window_plan
from ordering.queries.presale import (
    NoSuchOutlet,
    Offer,
    Offers,
    Outlet,
    last_orders,
    offers_for,
    outlet_of,
    outlets_like,
)
from ordering.web.presale.data import SELLERS, quote_body, window_bodies
from ordering.web.presale.labels import phone_words, scheme_words
from pricing.queries import quote_for
from ui.web.submit_once import once
from ui.web.typed_input import typed_units

MAX_ROWS = 40


@dataclass
class Row:
    """A product of the form, with the quantity typed for it."""

    offer: Offer
    typed: str = ""
    unit: str = ""

    def __post_init__(self) -> None:
        names = dict(self.offer.units)
        self.unit = self.unit if self.unit in names else self.offer.units[0][0]
        self.factor = names[self.unit]

    @property
    def price(self) -> Decimal:
        one = self.offer.breaks[0]
        return line_amount(one.price, self.factor, one.per)

    @property
    def last(self) -> str:
        """Return the last ordered quantity, in larger units if it is a multiple of them."""
        cases, rest = divmod(self.offer.last_qty, self.factor)
        return str(cases) if cases and not rest else f"{self.offer.last_qty} {self.offer.units[-1][0]}"

    @property
    def qty(self) -> int:
        """Return the quantity in base units. Raise UnreadableField with the product's name."""
        return typed_units(self.typed, row=self.offer.name, factor=self.factor)


@dataclass
class SentForm:
    """The form as sent or typed. `total` is the total that the page displayed when it was sent."""

    key: str
    window: str = ""
    note: str = ""
    total: str = ""
    find: str = ""
    problem: str = ""
    quote: dict[str, Any] | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, int]]:
        return [(row.offer.sku, row.qty) for row in self.rows if row.qty]


def _outlet(actor: Actor, outlet_id: UUID) -> Outlet:
    try:
        return outlet_of(actor, outlet_id)
    except NoSuchOutlet as refusal:
        raise Http404 from refusal


def _tagged(request: ActorRequest, response: HttpResponse) -> HttpResponse:
    """Add the membership to the response: the phone stores the page for that membership only."""
    response.headers["Tripact-Membership"] = str(request.membership.id)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@entering("order.view", kinds=SELLERS)
def outlets(request: ActorRequest) -> HttpResponse:
    """Display the outlets that match the search."""
    actor = request.actor
    typed = request.GET.get("q", "")[:100]
    found, more = outlets_like(actor, typed)
    page = {"outlets": found, "more": more, "typed": typed, "words": phone_words()}
    return _tagged(request, render(request, "ordering/presale_outlets.html", page))


@entering("order.view", kinds=SELLERS)
def outlet(request: ActorRequest, outlet_id: UUID) -> HttpResponse:
    """Display the outlet with its last orders."""
    actor = request.actor
    page = {
        "outlet": _outlet(actor, outlet_id),
        "orders": last_orders(actor, outlet_id),
        "may_place": actor.may("order.place"),
        "sees_prices": actor.may("price.view"),
        "words": phone_words(),
    }
    return _tagged(request, render(request, "ordering/presale_outlet.html", page))


@entering("order.place", kinds=SELLERS)
@once
def order_form(request: ActorRequest, outlet_id: UUID) -> HttpResponse:
    """Display the form, filtered by `find`; a POST displays the price, then places the order."""
    actor = request.actor
    now = timezone.localtime()
    found = _outlet(actor, outlet_id)
    assert actor.party_id is not None
    offers = offers_for(seller_id=actor.party_id, outlet_id=outlet_id, on=now.date())
    windows = window_bodies(now, window_plan())
    form = _read_form(request.POST if request.method == "POST" else request.GET, offers)
    if request.method == "POST":
        try:
            with transaction.atomic():
                number = _send(actor, found, form)
        except Refusal as refusal:
            form.problem = refusal.message
            form.quote = form.quote or _quote(actor, found, form)
        else:
            if number:
                messages.success(request, _("Pre-sale order %(number)s is placed.") % {"number": number})
                return redirect("presale-outlet", outlet_id)
    return _tagged(request, _render_form(request, found, offers, windows, form))


def _read_form(sent: QueryDict, offers: Offers) -> SentForm:
    rows = [
        Row(one, sent.get(f"q_{one.sku}", "").strip()[:20], sent.get(f"u_{one.sku}", ""))
        for one in offers.products
    ]
    return SentForm(
        key=sent.get("key", "") or str(uuid4()),
        window=sent.get("window", ""),
        note=sent.get("note", "")[:500],
        total=sent.get("total", "") if sent.get("do") == "place" else "",
        find=sent.get("find", "").strip().lower()[:100],
        rows=rows,
    )


def _send(actor: Actor, found: Outlet, form: SentForm) -> str:
    """Return the number of the placed order, or "" if the page displays the price first."""
    assert actor.party_id is not None
    try:
        lines, key = form.lines, UUID(form.key)
        window = _chosen(form.window)
        displayed = DisplayedTotal(read_amount(form.total)) if form.total else None
    except ValueError:
        form.problem = _("The request cannot be read.")
        return ""
    if not lines:
        form.problem = _("Choose at least one product.")
        return ""
    if displayed is not None:
        order, _new = place_presale_order(
            outlet_id=found.id,
            key=key,
            lines=lines,
            window=window,
            displayed=displayed,
            note=form.note,
            hold=True,
            by=actor,
            at=timezone.now(),
        )
        return order.number
    form.quote = _quote(actor, found, form)
    return ""


def _quote(actor: Actor, found: Outlet, form: SentForm) -> dict[str, Any] | None:
    """Return the quote of what is typed at today's prices, or None if it is no valid order."""
    try:
        lines = form.lines
        assert actor.party_id is not None
        today = timezone.localdate()
        return quote_body(quote_for(seller_id=actor.party_id, buyer_id=found.id, lines=lines, on=today))
    except (ValueError, Refusal):
        return None


def _chosen(text: str) -> Window:
    start, _comma, end = text.partition(",")
    opens, closes = parse_datetime(start), parse_datetime(end)
    if opens is None or closes is None:
        raise ValueError
    return Window(opens, closes)


def _render_form(
    request: HttpRequest, found: Outlet, offers: Offers, windows: list[dict[str, str]], form: SentForm
) -> HttpResponse:
    rows = [row for row in form.rows if row.typed not in ("", "0")]
    rest = [row for row in form.rows if row.typed in ("", "0") and form.find in row.offer.search.lower()]
    page = {
        "outlet": found,
        "rows": [*rows, *rest[: max(0, MAX_ROWS - len(rows))]],
        "more": max(0, len(rest) - max(0, MAX_ROWS - len(rows))),
        "windows": windows,
        "asked": form,
        "schemes": [{"code": one.code, "words": scheme_words(one)} for one in offers.schemes],
        "words": phone_words(),
    }
    return render(request, "ordering/presale_form.html", page)
