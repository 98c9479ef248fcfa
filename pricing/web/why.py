"""The explanation of a price as a panel or a page, with quantity and day as what-if fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from pricing.queries import PricedOrder, quote_for
from pricing.queries.traders import day_of_prices, may_look_ahead, quote_parties
from pricing.queries.why import Term, WhyPrice, why_price
from pricing.web.labels import KIND_NAMES, audience_name, precedence_of, result_of, sentence_of
from ui.web.components import hundredths
from ui.web.numbers import grouped, number
from ui.web.typed_input import typed_day, typed_units


def requested_qty(request: HttpRequest, otherwise: int = 1) -> int:
    """Return the what-if quantity in base units: `qty` times `factor`, the base units of a unit.

    Raise UnreadableField.
    """
    row, factor = _("Quantity"), request.GET.get("factor", "")
    each = typed_units(factor, row=row, field="qty") or 1
    return typed_units(request.GET.get("qty"), row=row, field="qty", factor=each) or otherwise


def requested_day(request: ActorRequest, seller_id: UUID) -> date:
    """Return the what-if day; for a buyer today at the latest. Raise UnreadableField."""
    today, actor = timezone.localdate(), request.actor
    requested = typed_day(request.GET.get("on"), row=_("Day"), field="on")
    if requested is not None and not may_look_ahead(actor, seller_id):
        requested = min(requested, today)
    return day_of_prices(requested, seller_id=seller_id, actor=actor, today=today)


@entering("price.view")
@require_GET
def price_why(request: ActorRequest) -> HttpResponse:
    """Explain the price of one SKU on its own, without what an order adds to it.

    Parameters: `?buyer=&seller=&sku=&qty=&on=`.
    """
    sku = request.GET.get("sku", "").replace("\x00", "")[:60]
    seller_id, buyer_id = quote_parties(
        buyer=_named(request, "buyer"),
        seller=_named(request, "seller"),
        actor=request.actor,
    )
    priced = quote_for(
        seller_id=seller_id,
        buyer_id=buyer_id,
        lines=[(sku, requested_qty(request))],
        on=requested_day(request, seller_id),
    )
    hidden = {name: request.GET[name] for name in ("buyer", "seller") if request.GET.get(name)} | {"sku": sku}
    return why_page(request, priced, sku, hidden=hidden)


def _named(request: HttpRequest, name: str) -> str | None:
    return request.GET.get(name, "").replace("\x00", "")[:40] or None


def why_page(
    request: ActorRequest,
    priced: PricedOrder,
    sku: str,
    *,
    hidden: dict[str, str],
    beside: int = 0,
    set_by: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Render the explanation of one line of a quote.

    `hidden` are the parameters that the what-if form carries; `beside` is the number of other lines
    priced with it. `set_by` says of a manual price who set it, when and why, for people of the seller.
    """
    actor = request.actor
    try:
        why = why_price(priced, sku, figures=may_look_ahead(actor, priced.seller.id))
    except KeyError as error:
        raise Http404 from error
    return render(
        request,
        "pricing/why.html",
        facts_of(priced, why)
        | {
            "hidden": [(name, value) for name, value in hidden.items() if value],
            "beside": beside,
            "set_by": set_by,
            "today": timezone.localdate(),
            "may_look_ahead": may_look_ahead(actor, priced.seller.id),
            "is_ours": actor.acts_for(priced.buyer.id),
        },
    )


def facts_of(priced: PricedOrder, why: WhyPrice) -> dict[str, Any]:
    """Return the facts of the panel, per case if the product has one and the quantity is whole cases."""
    line = why.line
    unit, factor = _unit(why)
    scale = Decimal(factor) / line.per
    bar_total = max(line.base_price, Decimal("0.0001"))
    winner = next((one for one in why.considered if one.wins), None)
    return {
        "priced": priced,
        "why": why,
        "product": priced.products[line.sku],
        "unit": unit,
        "factor": factor,
        "qty": line.qty // factor,
        "base_each": grouped(line.base_price * scale, 4),
        "base_amount": why.base_amount,
        "winner": winner,
        "manual": line.manual,
        "winner_name": _called(why, winner.price_list.code) if winner else "",
        "terms": [
            {
                "name": _scheme(why, term.code),
                "kind": str(KIND_NAMES.get(term.kind, term.kind)),
                "each": grouped(term.each * scale, 4),
                "amount": term.amount,
                "free": term.free_qty,
                "width": hundredths(abs(term.each), bar_total),
                "at": _at(why, term, bar_total),
            }
            for term in why.terms
        ],
        "net_each": grouped(why.net_each * scale, 4),
        "net_unit": grouped(line.net_unit_price, 4),
        "net_width": hundredths(why.net_each, bar_total),
        "precedence": precedence_of(why),
        "candidates": [
            {
                "name": _called(why, one.price_list.code),
                "code": one.price_list.code,
                "version": why.lists[one.price_list.code].version if one.price_list.code in why.lists else 0,
                "audience": audience_name(one.price_list.audience.kind),
                "value": one.price_list.audience.value or "",
                "least": number(-(-max(one.entry.min_qty, 1) // factor) if one.entry.min_qty > 1 else 1),
                "least_unit": unit if one.entry.min_qty > 1 else why.base_unit,
                "price": grouped(one.entry.price * factor / one.entry.per, 4 if factor == 1 else 2),
                "wins": one.wins,
                "result": result_of(one, winner, unit, factor),
            }
            for one in why.considered
        ],
        "schemes": [
            {
                "name": _scheme(why, one.scheme.code),
                "code": one.scheme.code,
                "kind": str(KIND_NAMES.get(one.scheme.kind, one.scheme.kind)),
                "used": one.outcome.applied,
                "saved": -one.saved,
                "sentence": sentence_of(one, why),
            }
            for one in why.schemes
        ],
        "versions": [one for code, one in why.lists.items() if winner and code == winner.price_list.code]
        + [why.names[code] for code in line.schemes if code in why.names],
    }


def _unit(why: WhyPrice) -> tuple[str, int]:
    """Return the first listed unit if the quantity is a whole number of it, otherwise the base unit."""
    for name, factor in why.units[:1]:
        if why.line.qty % factor == 0:
            return name, factor
    return why.base_unit, 1


def _at(why: WhyPrice, term: Term, bar_total: Decimal) -> str:
    """Return where the bar of a term begins: at the end of what is left before it."""
    left = why.line.base_price
    for one in why.terms:
        left += one.each
        if one is term:
            break
    return hundredths(left, bar_total)


def _called(why: WhyPrice, code: str) -> str:
    named = why.lists.get(code)
    return named.name if named and named.name else code


def _scheme(why: WhyPrice, code: str) -> str:
    named = why.names.get(code)
    return named.name if named and named.name else code
