"""The order page of a member, who orders from its dealer on a phone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MEMBER, Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from dealers.models import Party
from kernel.refusals import Refusal
from kernel.search import search_words
from kernel.spelling import name_key, traditional_forms
from kernel.typed_input import UnreadableInput, read_quantity
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.operations.placing import place_order
from ordering.queries.presale import Offer, offers_for
from ordering.queries.quick_order.sheet import Sheet, price_sheet
from ordering.web import sent_content
from ordering.web.quick_order.cards import credit_card, step_card
from ordering.web.quick_order.rows import visible_row
from ui.web.local_names import unit_name
from ui.web.numbers import number
from ui.web.submit_once import once
from ui.web.typed_input import reason_of

FIELD = "qty-"
MAX_LINES_DISPLAYED = 300
MAX_CASES = 999_999
AGAIN = "last"


@dataclass(frozen=True, slots=True)
class Line:
    """A product as the member orders it: `price` for one `unit`; `typed` is the content of the field."""

    offer: Offer
    unit: str
    factor: int
    price: Decimal
    typed: str = ""
    qty: int = 0
    wrong: str = ""
    row: SheetRow | None = None
    reason: str = ""
    mood: str = ""
    instead: str = ""

    @property
    def field(self) -> str:
        return FIELD + self.offer.sku

    @property
    def why_url(self) -> str:
        """Return the page that explains the price of the ordered quantity, else of one unit."""
        query = {"sku": self.offer.sku, "qty": f"{self.qty or 1}", "factor": f"{self.factor}"}
        return f"{reverse('price-why')}?{urlencode(query)}"

    @property
    def in_base_units(self) -> str:
        """Return `3 箱 = 18 瓶`, for one unit where none is ordered; "" for the base unit."""
        if self.factor == 1:
            return ""
        qty, base_unit = self.qty or 1, self.offer.units[-1][0]
        units = qty * self.factor
        return f"{number(qty)} {unit_name(self.unit, qty)} = {number(units)} {unit_name(base_unit, units)}"


@entering("order.place", kinds=(MEMBER,))
def member_order(request: ActorRequest) -> HttpResponse:
    """Display the list; a POST computes the total, filters the list or places the order."""
    actor = request.actor
    dealer = dealer_of(actor)
    if dealer is None:
        return render(request, "ordering/member_order_none.html")
    if request.method != "POST":
        return render(request, "ordering/member_order.html", _page(request, actor, dealer, request.GET))
    if request.POST.get("action") == "place":
        return once(_place, content=sent_content.member_order)(request, actor, dealer)
    page = _page(request, actor, dealer, request.POST)
    if request.htmx:
        return render(request, "ordering/member_order_total.html", page)
    return render(request, "ordering/member_order.html", page)


def dealer_of(actor: Actor) -> Party | None:
    """Return the dealer that supplies the actor's party, or None."""
    rows = Party.objects.visible_to(actor).filter(kind=DEALER, is_active=True)
    mine = Party.objects.filter(id=actor.party_id).values("parent_id")
    found: Party | None = rows.filter(id__in=mine).first()
    return found


def _place(request: HttpRequest, actor: Actor, dealer: Party) -> HttpResponse:
    page = _page(request, actor, dealer, request.POST)
    sheet: Sheet = page["sheet"]
    if page["wrong"] or page["blocked"] or not sheet.rows:
        page["refusal"] = "" if sheet.rows else _("Enter the quantity of at least one product.")
        return render(request, "ordering/member_order.html", page, status=422)
    displayed = request.POST.get("displayed", "")
    if displayed != page["displayed"]:
        chosen, _total = page["displayed"].rsplit(":", 1)
        repriced = displayed.startswith(f"{chosen}:")
        page["changed" if repriced else "unseen"] = True
        return render(request, "ordering/member_order.html", page, status=409 if repriced else 200)
    try:
        with transaction.atomic():
            order = place_order(
                seller_id=dealer.id,
                buyer_id=_party(actor),
                lines=[(row.product.sku, row.units) for row in sheet.rows],
                by=actor,
                at=timezone.now(),
                note=page["note"],
            )
    except Refusal as refusal:
        page["refusal"] = refusal.message
        return render(request, "ordering/member_order.html", page, status=422)
    messages.success(request, _("The order %(number)s is sent.") % {"number": order.number})
    return redirect("order", order_id=order.id)


def _page(request: HttpRequest, actor: Actor, dealer: Party, given: QueryDict) -> dict[str, Any]:
    today = timezone.localdate()
    found = offers_for(seller_id=dealer.id, outlet_id=_party(actor), on=today)
    again = request.method != "POST" and given.get("again") == AGAIN
    lines = [_line(offer, given, again=again) for offer in found.products]
    chosen = [line for line in lines if line.qty]
    sheet = _sheet(dealer, actor, chosen, today)
    rows = {row.product.sku: row for row in sheet.rows}
    lines = [_with_row(line, rows, sheet) for line in lines]
    typed = given.get("q", "").replace("\x00", "").strip()[:100]
    visible = [line for line in lines if line.typed or _named(line.offer, typed)]
    visible.sort(key=lambda line: not line.typed)
    return {
        "dealer": dealer,
        "lines": visible[:MAX_LINES_DISPLAYED],
        "hidden": max(len(visible) - MAX_LINES_DISPLAYED, 0),
        "typed": typed,
        "folds": json.dumps(traditional_forms(line.offer.name for line in lines), ensure_ascii=False),
        "note": given.get("note", "").replace("\x00", "").strip()[:300],
        "sheet": sheet,
        "blocked": [line for line in lines if line.row and line.row.is_blocked],
        "count": len(chosen),
        "step": step_card(sheet),
        "credit": credit_card(sheet, with_figures=actor.may("ledger.view")),
        "displayed": f"{len(chosen)}:{sum(row.units for row in sheet.rows)}:{sheet.total}",
        "wrong": any(line.wrong for line in lines),
        "again": again,
        "may_again": any(offer.last_qty for offer in found.products),
    }


def _party(actor: Actor) -> UUID:
    if actor.party_id is None:
        raise Http404
    return actor.party_id


def _sheet(dealer: Party, actor: Actor, chosen: list[Line], today: date) -> Sheet:
    lines = [CartLine(line.offer.sku, line.qty, line.unit if line.factor > 1 else "") for line in chosen]
    return price_sheet(seller_id=dealer.id, buyer_id=_party(actor), lines=lines, on=today)


def _line(offer: Offer, given: QueryDict, *, again: bool) -> Line:
    """Return the line in the unit that was typed, else in the smallest larger one, else in the base unit.

    With `again`, its quantity is that of the last order, in full units and at least one.
    """
    typed = given.get(FIELD + offer.sku, "").replace("\x00", "").strip()[:20]
    if again and offer.last_qty:
        typed = str(max(offer.last_qty // offer.units[0][1], 1))
    if not typed:
        return _in_unit(offer, *offer.units[0])
    try:
        qty, unit, factor = _typed_quantity(offer, typed)
    except UnreadableInput as error:
        return replace(_in_unit(offer, *offer.units[0]), typed=typed, wrong=reason_of(error))
    if not factor:
        wrong = _("it is not sold in this unit; there is %(found)s")
        names = " / ".join(name for name, _factor in offer.units)
        return replace(_in_unit(offer, *offer.units[0]), typed=typed, wrong=wrong % {"found": names})
    line = _in_unit(offer, unit, factor)
    return replace(line, typed=typed, qty=qty) if qty else line


def _in_unit(offer: Offer, unit: str, factor: int) -> Line:
    first = next((one for one in reversed(offer.breaks) if one.least <= factor), offer.breaks[0])
    return Line(offer, unit, factor, first.price * factor / first.per)


def _typed_quantity(offer: Offer, typed: str) -> tuple[int, str, int]:
    """Return a quantity with its unit and the unit's base units, 0 for one that the product does not have.

    Without a unit it is the ordering unit; several units (5箱3桶) become base units. Raises UnreadableInput.
    """
    units = {name_key(name): (name, factor) for name, factor in offer.units} | {"": offer.units[0]}
    parts = [(part.qty, *units.get(name_key(part.unit), (part.unit, 0))) for part in read_quantity(typed)]
    in_base_units = sum(qty * factor for qty, _name, factor in parts)
    if any(qty > MAX_CASES for qty, _name, _factor in parts):
        raise UnreadableInput("too_large", typed)
    if len(parts) == 1 or not all(factor for _qty, _name, factor in parts):
        return min(parts, key=lambda part: part[2])
    return in_base_units, *offer.units[-1]


def _with_row(line: Line, rows: Mapping[str, SheetRow], sheet: Sheet) -> Line:
    row = rows.get(line.offer.sku)
    if row is None:
        return line
    visible = visible_row(row, sheet, {})
    return replace(line, row=row, reason=visible.reason, mood=visible.mood, instead=visible.alternative)


def _named(offer: Offer, typed: str) -> bool:
    return all(word in offer.search for word in search_words(typed))
