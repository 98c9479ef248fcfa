"""Asking for prices: any buyer, any day, pasted lines; partners for what they buy and sell."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rights import MANUFACTURER
from accounts.web.guard import entering
from kernel.refusals import Refusal
from pricing.domain.quote import QuotedLine
from pricing.queries import PricedOrder, UnknownProduct, quote_for
from pricing.queries.trading import day_of_prices, traders
from pricing.web.words import KIND_NAMES, number

MOST_LINES, MOST_UNITS, MOST_TEXT = 500, 10**9, 60_000
_LINE = re.compile(r"^(?P<sku>\S+)(?:[\s,;]+(?P<qty>\d{1,10}))?[\s,;]*$")


@entering("price.view")
@require_http_methods(["GET", "POST"])
def quote(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    typed = {
        name: given.get(name, "").replace("\x00", "")[: MOST_TEXT if name == "lines" else 40]
        for name in ("buyer", "seller", "on", "lines")
    }
    actor = request.actor  # type: ignore[attr-defined]
    facts: dict[str, Any] = {"typed": typed, "is_staff": actor.party_kind == MANUFACTURER}
    facts["today"] = timezone.localdate()
    if typed["lines"].strip():
        facts |= _answered(request, typed)
    return render(request, "pricing/quote.html", facts)


def _answered(request: HttpRequest, typed: dict[str, str]) -> dict[str, Any]:
    lines, wrong = _read(typed["lines"])
    if not lines:
        return {"wrong": wrong}
    actor = request.actor  # type: ignore[attr-defined]
    try:
        asked = parse_date(typed["on"]) if typed["on"] else None
        on = day_of_prices(asked, actor=actor, today=timezone.localdate())
        seller_id, buyer_id = traders(
            buyer=typed["buyer"] or None, seller=typed["seller"] or None, actor=actor
        )
        priced, unknown = _quoted(seller_id, buyer_id, lines, on)
    except ValueError:
        return {"wrong": wrong, "refusal": _("This is no day.")}
    except Refusal as refusal:
        return {"wrong": wrong, "refusal": refusal.message}
    return {"wrong": [*wrong, *unknown], "priced": priced} | (_shown(priced, typed) if priced else {})


def _quoted(
    seller_id: UUID, buyer_id: UUID, lines: list[tuple[int, str, int]], on: Any
) -> tuple[PricedOrder | None, list[str]]:
    """The quote of the lines whose SKU there is, and what is said of the others."""
    unknown: list[str] = []
    while lines:
        pairs = [(sku, qty) for _row, sku, qty in lines]
        try:
            return quote_for(seller_id=seller_id, buyer_id=buyer_id, lines=pairs, on=on), unknown
        except UnknownProduct as refusal:
            found = re.match(r"lines\[(\d+)\]", refusal.field)
            if found is None or len(unknown) >= 20:
                raise
            row, sku, _qty = lines.pop(int(found[1]))
            unknown.append(
                _("Row %(row)s: there is no product with the SKU %(sku)s.") % {"row": row, "sku": sku}
            )
    return None, unknown


def _read(text: str) -> tuple[list[tuple[int, str, int]], list[str]]:
    """Rows of SKU and base units; a SKU named twice is one line of both."""
    lines: dict[str, tuple[int, int]] = {}
    wrong = []
    for row, line in enumerate(unicodedata.normalize("NFKC", text).splitlines(), start=1):
        plain = line.strip()
        if not plain:
            continue
        found = _LINE.match(plain)
        qty = int(found["qty"] or 1) if found else 0
        if found is None or not 1 <= qty <= MOST_UNITS:
            wrong.append(_("Row %(row)s: write a SKU and a quantity of base units.") % {"row": row})
        elif len(lines) >= MOST_LINES and found["sku"] not in lines:
            wrong.append(_("Only the first %(most)s products are asked for.") % {"most": MOST_LINES})
            break
        else:
            first, before = lines.get(found["sku"][:60], (row, 0))
            lines[found["sku"][:60]] = (first, before + qty)
    return [(row, sku, qty) for sku, (row, qty) in lines.items()], wrong


def _shown(priced: PricedOrder, typed: dict[str, str]) -> dict[str, Any]:
    query = {name: typed[name] for name in ("buyer", "seller", "on") if typed[name]}
    return {
        "rows": [_row(line, priced, query) for line in priced.quote.lines],
        "outcomes": [
            (one.code, str(KIND_NAMES.get(one.kind, one.kind)), one.worth)
            for one in priced.quote.schemes
            if one.applied
        ],
        "gifts": [(gift, priced.products[gift.sku].name) for gift in priced.quote.gifts],
    }


def _row(line: QuotedLine, priced: PricedOrder, query: dict[str, str]) -> dict[str, Any]:
    asked = urlencode(query | {"sku": line.sku, "qty": str(line.qty)})
    return {
        "line": line,
        "product": priced.products[line.sku],
        "price": number(line.unit_price),
        "was": number(line.base_price) if line.unit_price < line.base_price else "",
        "net": number(line.net_unit_price, 4),
        "url": f"{reverse('price-why')}?{asked}",
    }
