"""The stored reasons of a placed order's line: its price stays, whatever was published since."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.queries import packings_of
from kernel.money import ZERO_MONEY
from kernel.quantities import line_amount
from ordering.queries.money_fields import sees_prices
from ordering.queries.orders import LineFacts, OrderFacts
from ordering.web.order_details import parties_of
from ordering.web.orders import get_visible_order
from pricing.queries.why import Named, lists_named, schemes_named


@entering("order.view")
@require_GET
def line_reasons(request: ActorRequest, order_id: UUID, position: int) -> HttpResponse:
    """Display why a line of a placed order costs what it costs, as stored with the order."""
    order = get_visible_order(request.actor, order_id)
    line = next((one for one in order.lines if one.position == position), None)
    if line is None or not sees_prices(request.actor, order.seller_id, order.buyer_id):
        raise Http404
    parties = parties_of(order)
    on = timezone.localtime(order.placed_at).date()
    page = {
        "order": order,
        "line": line,
        "parties": parties,
        "packing": packings_of([line.product_id]).get(line.product_id),
        "on": on,
        **_reasons(order, line, on),
    }
    if request.actor.may("price.view") and line.qty:
        query = {
            "buyer": parties["buyer"].code,
            "seller": parties["seller"].code,
            "sku": line.sku,
            "qty": line.qty,
            "on": on.isoformat(),
        }
        page["then_url"] = f"{reverse('price-why')}?{urlencode(query)}"
    return render(request, "ordering/line_reasons.html", page)


def _reasons(order: OrderFacts, line: LineFacts, on: Any) -> dict[str, Any]:
    """Return the list with its version on the day of the order, and each scheme with what it saved."""
    lists = lists_named(order.seller_id, [line.price_list], on) if line.price_list else {}
    stored = line.why.get("schemes", [])
    gift = line.why.get("gift")
    codes = [one["code"] for one in stored] + ([gift] if gift else [])
    names = schemes_named(order.seller_id, codes, on) if codes else {}
    free_codes = {one["scheme"] for one in line.why.get("grants", [])}
    return {
        "base_amount": line_amount(line.base_price, line.qty, line.per) if line.qty else ZERO_MONEY,
        "price_list": lists.get(line.price_list),
        "schemes": [
            {
                "code": one["code"],
                "name": _name(names.get(one["code"]), one["code"]),
                "saved": -Decimal(one["saved"]),
                "free": line.free_qty if one["code"] in free_codes else 0,
            }
            for one in stored
        ],
        "gift": _name(names.get(gift), gift) if gift else "",
    }


def _name(named: Named | None, code: str) -> str:
    return named.name if named and named.name else code
