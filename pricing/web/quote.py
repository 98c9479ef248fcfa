"""The page that calculates prices for pasted lines: for any buyer and day, or a partner's own."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from accounts.work_budget import TooManyRequests, begin_work, mark_throttled, spend_work
from catalogue.models import Product
from catalogue.queries import UnknownProduct, packings_of
from kernel.money import ZERO_MONEY, taxed
from kernel.quantities import Packing
from kernel.refusals import Refusal
from kernel.typed_input import UnreadableInput, read_quantity
from pricing.domain.quote import QuotedLine, SchemeOutcome
from pricing.domain.schemes import OrderAmount, StepScheme
from pricing.queries import STEPS_A_LINE, PricedOrder, quote_for
from pricing.queries.traders import day_of_prices, quote_parties
from pricing.web.labels import KIND_NAMES
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped, number
from ui.web.typed_input import reason_of, typed_day

MAX_LINES, MAX_UNITS, MAX_TEXT = 500, 10**9, 60_000
SUBTRACTED = (StepScheme.kind, OrderAmount.kind)  # a special price and free goods are in the lines
_LINE = re.compile(r"^(?P<sku>[^\s,;]+)(?:[\s,;]+(?P<quantity>.*?))?[\s,;]*$")


@dataclass(frozen=True, slots=True)
class RequestedProduct:
    """A requested product: its row, the sum in base units, and the quantity as typed."""

    row: int
    sku: str
    qty: int
    typed: str = ""


@entering("price.view")
@require_http_methods(["GET", "POST"])
def quote(request: ActorRequest) -> HttpResponse:
    """Display the form, and the quote of the pasted lines."""
    given = request.POST if request.method == "POST" else request.GET
    typed = {
        name: given.get(name, "").replace("\x00", "")[: MAX_TEXT if name == "lines" else 40]
        for name in ("buyer", "seller", "on", "lines")
    }
    actor = request.actor
    facts: dict[str, Any] = {"typed": typed, "is_staff": actor.party_kind == MANUFACTURER}
    facts["today"] = timezone.localdate()
    if typed["lines"].strip():
        try:
            begin_work(request)
            facts |= _answered(request, typed)
        except TooManyRequests as refusal:
            facts["refusal"] = refusal.message
            return mark_throttled(render(request, "pricing/quote.html", facts), refusal)
    return render(request, "pricing/quote.html", facts)


def _answered(request: ActorRequest, typed: dict[str, str]) -> dict[str, Any]:
    lines, wrong = _in_base_units(*_read(typed["lines"]))
    if not lines:
        return {"wrong": wrong}
    spend_work(request, STEPS_A_LINE * len(lines))
    actor = request.actor
    try:
        requested = typed_day(typed["on"], row=_("Day"), field="on")
        seller_id, buyer_id = quote_parties(
            buyer=typed["buyer"] or None, seller=typed["seller"] or None, actor=actor
        )
        today = timezone.localdate()
        on = day_of_prices(requested, seller_id=seller_id, actor=actor, today=today)
        priced, unknown = _quoted(seller_id, buyer_id, lines, on)
    except Refusal as refusal:
        return {"wrong": wrong, "refusal": refusal.message}
    in_units = {one.sku: one.typed for one in lines}
    answer = {"wrong": [*wrong, *unknown], "priced": priced}
    return answer | (_quote_facts(priced, typed, in_units) if priced else {})


def _quoted(
    seller_id: UUID, buyer_id: UUID, requested: list[RequestedProduct], on: Any
) -> tuple[PricedOrder | None, list[str]]:
    """Return the quote of the lines with a known SKU, and messages for the others."""
    unknown: list[str] = []
    lines = list(requested)
    while lines:
        pairs = [(one.sku, one.qty) for one in lines]
        try:
            return quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=pairs, on=on), unknown
        except UnknownProduct as refusal:
            found = re.match(r"lines\[(\d+)\]", refusal.field)
            if found is None or len(unknown) >= 20:
                raise
            none = lines.pop(int(found[1]))
            message = _("Row %(row)s: there is no product with the SKU %(sku)s.")
            unknown.append(message % {"row": none.row, "sku": none.sku})
    return None, unknown


def _read(text: str) -> tuple[list[tuple[int, str, int, str]], list[str]]:
    """Return rows of (row number, SKU, quantity, unit) and messages; unit "" means the ordering unit."""
    skus: set[str] = set()
    lines, wrong = [], []
    for row, line in enumerate(unicodedata.normalize("NFKC", text).splitlines(), start=1):
        plain = line.strip()
        if not plain:
            continue
        found = _LINE.match(plain)
        if found is None:
            wrong.append(_("Row %(row)s: write a SKU, a quantity and, if you like, a unit.") % {"row": row})
            continue
        sku = found["sku"][:60]
        try:
            parts = read_quantity(found["quantity"] or "1")
        except UnreadableInput as error:
            reason = {"number": row, "reason": reason_of(error)}
            wrong.append(_("Row %(number)s: %(reason)s") % reason)
            continue
        if len(skus) >= MAX_LINES and sku not in skus:
            wrong.append(_("Only the first %(most)s products are asked for.") % {"most": MAX_LINES})
            break
        skus.add(sku)
        lines += [(row, sku, part.qty, part.unit) for part in parts if part.qty]
    return lines, wrong


def _in_base_units(
    lines: list[tuple[int, str, int, str]], wrong: list[str]
) -> tuple[list[RequestedProduct], list[str]]:
    """Return each product once, with the sum of its rows in base units. Two statements at most."""
    packings = _packings({sku for _row, sku, _qty, _unit in lines})
    found: dict[str, RequestedProduct] = {}
    for row, sku, qty, typed_unit in lines:
        packing = packings.get(sku, Packing(""))
        unit = typed_unit or min(packing.units, key=lambda one: one[1], default=("", 1))[0]
        try:
            factor = packing.factor_of(unit) if sku in packings else 1
        except KeyError:
            units = join_list(name for name, _factor in (*packing.units, (packing.base_unit, 1)))
            message = _("Row %(row)s: %(sku)s has no unit %(unit)s, but %(units)s.")
            wrong.append(message % {"row": row, "sku": sku, "unit": unit, "units": units})
            continue
        before = found.get(sku, RequestedProduct(row, sku, 0))
        typed = f"{number(qty)} {unit}" if factor > 1 else ""
        both = typed if not before.qty else ""
        found[sku] = RequestedProduct(before.row, sku, min(before.qty + qty * factor, MAX_UNITS), both)
    return list(found.values()), wrong


def _packings(skus: set[str]) -> dict[str, Packing]:
    """Return the units of the products by SKU. Two statements."""
    ids = dict(Product.objects.filter(sku__in=skus).values_list("id", "sku"))
    return {ids[product_id]: packing for product_id, packing in packings_of(ids).items()}


def _quote_facts(priced: PricedOrder, typed: dict[str, str], in_units: dict[str, str]) -> dict[str, Any]:
    query = {name: typed[name] for name in ("buyer", "seller", "on") if typed[name]}
    applied = [one for one in priced.quote.schemes if one.applied]
    taxes = [
        taxed(line.amount, priced.products[line.sku].tax_rate, tax_in_price=line.tax_included)
        for line in priced.quote.lines
        if line.is_priced
    ]
    gross = sum((one.gross for one in taxes), ZERO_MONEY)
    return {
        "gross": gross,
        "tax": sum((one.tax for one in taxes), ZERO_MONEY),
        "added_tax": gross != priced.quote.total,
        "rows": [_row(line, priced, query, in_units.get(line.sku, "")) for line in priced.quote.lines],
        "discounts": [_outcome(one) for one in applied if one.kind in SUBTRACTED],
        "included": [_outcome(one) for one in applied if one.kind not in SUBTRACTED],
        "gifts": [(gift, priced.products[gift.sku].name) for gift in priced.quote.gifts],
    }


def _outcome(one: SchemeOutcome) -> tuple[str, str, Decimal]:
    return one.code, str(KIND_NAMES.get(one.kind, one.kind)), one.worth


def _row(line: QuotedLine, priced: PricedOrder, query: dict[str, str], in_units: str) -> dict[str, Any]:
    query_string = urlencode(query | {"sku": line.sku, "qty": str(line.qty)})
    return {
        "line": line,
        "in_units": in_units,
        "product": priced.products[line.sku],
        "unavailable": priced.unavailable.get(line.sku),
        "price": number(line.unit_price),
        "was": number(line.base_price) if line.unit_price < line.base_price else "",
        "net": grouped(line.net_unit_price, 4),
        "url": f"{reverse('price-why')}?{query_string}",
    }
