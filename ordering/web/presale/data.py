"""The JSON endpoints of the phone: an outlet's prices, a quote, and pre-sale orders with keys.

Refusals are JSON too. A phone names the membership that wrote an order, so that it is never placed by
another user who has signed in since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import View

from accounts.rights import DEALER, MEMBER, Actor
from accounts.web.requests import ActorRequest
from kernel.readable_text import unreadable_path
from kernel.refusals import Refusal
from kernel.spelling import traditional_forms
from kernel.typed_input import read_amount
from ordering.domain.delivery_windows import DeliveryWindow, WindowPlan, windows_ahead
from ordering.operations.placing import MAX_LINES, MAX_UNITS, Window
from ordering.operations.presale import DisplayedTotal, place_presale_order
from ordering.queries.delivery_windows import window_plan
from ordering.queries.presale import Offers, Outlet, offers_for, outlet_of
from ordering.web.presale.labels import scheme_words, weekday_words
from pricing.queries import PricedOrder, quote_for

SELLERS = (MEMBER, DEALER)
STATUS = {"not_found": 404, "not_allowed": 403, "unreadable": 422}
Json = dict[str, Any]


class Unreadable(Refusal):
    code = "unreadable"


class PhoneView(View):
    """Answer refusals with JSON and roll back; answer 401 instead of a redirect if signed out."""

    right = "order.place"

    def dispatch(  # type: ignore[override]  # called only with what the middleware has made
        self, request: ActorRequest, *args: Any, **kwargs: Any
    ) -> Any:
        actor: Actor | None = getattr(request, "actor", None)
        if not request.user.is_authenticated or actor is None:
            return _refused(401, "signed_out", _("Sign in again."))
        membership = request.headers.get("Tripact-Membership")
        if membership and membership != str(request.membership.id):
            return _refused(401, "other_person", _("Someone else is signed in."))
        if actor.party_kind not in SELLERS or not actor.may(self.right):
            return _refused(403, "not_allowed", _("Your role may not write pre-sale orders."))
        try:
            with transaction.atomic():
                return super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            status = STATUS.get(refusal.code, 409)
            return _refused(status, refusal.code, refusal.message, refusal.field, **refusal.details)


def _refused(status: int, code: str, message: str, field: str = "", **details: Any) -> HttpResponse:
    body = {**details, "code": code, "message": message, "field": field}
    return JsonResponse(body, status=status, json_dumps_params={"default": str})


class PresaleData(PhoneView):
    """GET the data that the phone stores for an outlet, with an ETag. POST an order."""

    def get(self, request: ActorRequest, outlet_id: UUID) -> HttpResponse:
        actor = request.actor
        now = timezone.localtime()
        outlet = outlet_of(actor, outlet_id)
        assert actor.party_id is not None
        offers = offers_for(seller_id=actor.party_id, outlet_id=outlet_id, on=now.date())
        body = json.dumps(
            book_body(outlet, offers, now, window_plan()), ensure_ascii=False, default=str, sort_keys=True
        )
        etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Tripact-At": now.isoformat()}
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(body, content_type="application/json", headers=headers)

    def post(self, request: ActorRequest, outlet_id: UUID) -> HttpResponse:
        sent = _body(request)
        order, new = place_presale_order(
            outlet_id=outlet_id,
            key=_uuid(sent.get("key"), "key"),
            lines=_lines(sent),
            window=_window(sent.get("window")),
            displayed=_displayed_total(sent.get("displayed")),
            note=str(sent.get("note") or "")[:500],
            hold=sent.get("hold") is True,
            by=request.actor,
            at=timezone.now(),
        )
        body = {"number": order.number, "state": order.state, "total": str(order.total)}
        return JsonResponse(body, status=201 if new else 200)


class Quote(PhoneView):
    """POST a basket to get its current total, which its writer sees before sending."""

    def post(self, request: ActorRequest, outlet_id: UUID) -> HttpResponse:
        actor = request.actor
        outlet_of(actor, outlet_id)
        assert actor.party_id is not None
        lines = _lines(_body(request))
        today = timezone.localdate()
        priced = quote_for(seller_id=actor.party_id, buyer_id=outlet_id, lines=lines, on=today)
        return JsonResponse(quote_body(priced))


def book_body(outlet: Outlet, offers: Offers, now: datetime, plan: WindowPlan) -> Json:
    """Return what the phone stores of an outlet: products with prices and units, schemes, and windows.

    `folds` are traditional characters with their simplified ones, for a search without a network.
    """
    return {
        "outlet": {"id": str(outlet.id), "name": outlet.name, "code": outlet.code},
        "url": reverse("presale-form", args=[outlet.id]),
        "products": [
            {
                "sku": one.sku,
                "name": one.name,
                "search": one.search,
                "units": [list(unit) for unit in one.units],
                "breaks": [[each.least, str(each.price), each.per, each.code] for each in one.breaks],
                "last": one.last_qty,
            }
            for one in offers.products
        ],
        "schemes": [
            {"code": one.code, "words": scheme_words(one), "skus": sorted(one.skus or ()) or None}
            for one in offers.schemes
        ],
        "windows": window_bodies(now, plan),
        "folds": traditional_forms(one.name for one in offers.products),
    }


def window_bodies(now: datetime, plan: WindowPlan) -> list[Json]:
    """Return the windows that can be chosen, with labels for an offline phone."""
    return [_window_body(one) for one in windows_ahead(now, timezone.get_current_timezone(), plan)]


def _window_body(one: DeliveryWindow) -> Json:
    hours = {"from": f"{one.start:%H:%M}", "until": f"{one.end:%H:%M}"}
    facts = {
        "day": date_format(one.start, "MONTH_DAY_FORMAT"),
        "weekday": weekday_words()[one.start.weekday()],
        **hours,
    }
    last = {"day": date_format(one.cut_off, "MONTH_DAY_FORMAT"), "time": f"{one.cut_off:%H:%M}"}
    return {
        "value": f"{one.start.isoformat()},{one.end.isoformat()}",
        "cut_off": one.cut_off.isoformat(),
        "label": _("%(day)s %(weekday)s %(from)s–%(until)s") % facts,
        "cut_label": _("order by %(day)s %(time)s") % last,
        "cut_time": last["time"],
    }


def quote_body(priced: PricedOrder) -> Json:
    """Return the quote without limits and costs: broken clauses are named, without their figures."""
    quote = priced.quote
    return {
        "total": str(quote.total),
        "subtotal": str(quote.subtotal),
        "discount": str(quote.discount),
        "verdict": quote.verdict,
        "lines": [
            {
                "sku": line.sku,
                "qty": line.qty,
                "amount": str(line.amount),
                "listed": str(line.subtotal),
                "free_qty": line.free_qty,
                "verdict": line.verdict,
                "clauses": list(line.deciding_clauses),
                "schemes": list(line.schemes),
                "unavailable": priced.unavailable[line.sku].message if line.sku in priced.unavailable else "",
            }
            for line in quote.lines
        ],
        "gifts": [
            {"sku": one.sku, "name": priced.products[one.sku].name, "qty": one.qty} for one in quote.gifts
        ],
    }


def _body(request: HttpRequest) -> Json:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("The request cannot be read.")) from error
    if not isinstance(found, dict) or unreadable_path(found) is not None:
        raise Unreadable(_("The request cannot be read."))
    return found


def _read(read: Callable[[Any], Any], given: Any, field: str) -> Any:
    try:
        found = read(given)
    except (ValueError, TypeError, AttributeError, KeyError, InvalidOperation) as error:
        raise Unreadable(_("The request cannot be read."), field=field) from error
    if found is None:
        raise Unreadable(_("The request cannot be read."), field=field)
    return found


def _uuid(given: Any, field: str) -> UUID:
    found: UUID = _read(lambda text: UUID(str(text)), given, field)
    return found


def _lines(sent: Json) -> Sequence[tuple[str, int]]:
    given = sent.get("lines")
    if not isinstance(given, list) or not given or len(given) > MAX_LINES:
        raise Unreadable(_("An order has at least one line."), field="lines")
    return [_read(_line, one, f"lines[{place}]") for place, one in enumerate(given)]


def _line(given: Any) -> tuple[str, int]:
    sku, qty = given["sku"], given["qty"]
    if not isinstance(sku, str) or not isinstance(qty, int) or isinstance(qty, bool) or not sku:
        raise ValueError
    if not 1 <= qty <= MAX_UNITS or "\0" in sku:
        raise ValueError
    return sku, qty


def _window(given: Any) -> Window:
    if not isinstance(given, dict):
        raise Unreadable(_("A pre-sale order names its delivery window."), field="window")
    start = _read(_moment, given.get("from"), "window.from")
    return Window(start, _read(_moment, given.get("until"), "window.until"))


def _moment(text: Any) -> datetime | None:
    moment = parse_datetime(text)
    return moment if moment and moment.tzinfo else None


def _displayed_total(given: Any) -> DisplayedTotal:
    if not isinstance(given, dict):
        raise Unreadable(_("The request cannot be read."), field="displayed")
    total: Decimal = _read(lambda text: read_amount(str(text)), given.get("total"), "displayed.total")
    return DisplayedTotal(total, given.get("basis") == "list")
