"""The page of an order: its lines, reasons, history, and the actions that the user may take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from ordering.models import Order, Return, ReturnRequest, Shipment
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import approve_review, confirm_order, release_held, reserve
from ordering.operations.locking import BUYER, SELLER, must_be_side
from ordering.operations.shipping import Part, ship
from ordering.queries.money_fields import sees_prices
from ordering.queries.orders import OrderFacts, order_facts
from ordering.queries.timeline import timeline_of
from ordering.web.labels import events_of, shipment_badge, state_badge
from ordering.web.order_details import lines_of, parties_of
from ordering.web.order_situation import situation_of
from ordering.web.sent_content import quantities_by_line
from ui.web.actions import attempt
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped
from ui.web.submit_once import once
from ui.web.typed_input import typed_units

State = Order.State
ACTIONS: dict[str, tuple[Callable[..., OrderFacts], Any]] = {
    "confirm": (confirm_order, gettext_lazy("The order is confirmed.")),
    "approve": (approve_review, gettext_lazy("The prices are approved.")),
    "release": (release_held, gettext_lazy("The order is released from credit hold.")),
    "reserve": (reserve, gettext_lazy("The goods are reserved.")),
}
CANCELLABLE = (State.REVIEW, State.HELD, State.PLACED, State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)
SHIPPABLE = (State.CONFIRMED, State.RESERVED, State.PART_SHIPPED)
HAS_COME = (State.PART_SHIPPED, State.SHIPPED, State.DELIVERED)


@dataclass(frozen=True, slots=True)
class AllowedActions:
    """The actions that the user may take on the order now."""

    confirm: bool = False
    approve: bool = False
    release: bool = False
    reserve: bool = False
    ship: bool = False
    cancel: bool = False
    take_back: bool = False
    receive: bool = False
    request_return: bool = False
    see_prices: bool = False
    see_reasons: bool = False


def allowed_actions(order: OrderFacts, actor: Actor) -> AllowedActions:
    """Return what the actor may do with the order, by its state, its parties and the actor's rights."""
    selling = actor.party_id == order.seller_id
    buying = actor.party_id == order.buyer_id
    confirms = selling and actor.may("order.confirm")
    withdraws = (
        buying and actor.may("order.place") and order.state in (State.REVIEW, State.HELD, State.PLACED)
    )
    came = order.state in HAS_COME and any(
        line.holding.returnable or line.holding.free for line in order.lines
    )
    return AllowedActions(
        confirm=confirms and order.state == State.PLACED,
        approve=confirms and order.state == State.REVIEW,
        release=confirms and order.state == State.HELD,
        reserve=confirms and order.state == State.CONFIRMED,
        ship=selling and actor.may("order.ship") and order.state in SHIPPABLE and any(open_units(order)),
        cancel=(confirms and order.state in CANCELLABLE) or withdraws,
        take_back=selling and actor.may("order.return") and came,
        receive=buying and actor.may("order.deliver"),
        request_return=buying and actor.may("order.return") and came,
        see_prices=sees_prices(actor, order.seller_id, order.buyer_id),
        see_reasons=selling and actor.may("price.view"),
    )


def open_units(order: OrderFacts) -> list[int]:
    """Return the unshipped units of each line, paid and free."""
    return [
        line.uncancelled_qty - line.shipped_qty + line.uncancelled_free - line.shipped_free
        for line in order.lines
    ]


def get_visible_order(actor: Actor, order_id: UUID) -> OrderFacts:
    """Return the order; 404 if it is not visible to the actor."""
    found = order_facts(order_id) if Order.objects.visible_to(actor).filter(id=order_id).exists() else None
    if found is None:
        raise Http404
    return found


def must_take_part(order: OrderFacts, actor: Actor, *sides: str) -> None:
    """Raise NotAllowed, which is a page with status 403, unless the actor acts for one of the sides."""
    must_be_side(actor, sides, seller_id=order.seller_id, buyer_id=order.buyer_id)


@entering("order.view")
@require_GET
def order(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Display the order."""
    actor = request.actor
    found = get_visible_order(actor, order_id)
    may = allowed_actions(found, actor)
    if may.approve and Order.objects.filter(id=order_id, placed_by=actor.person_id).exists():
        may = replace(may, approve=False)
    shipments = [(one, shipment_badge(one.state)) for one in found.shipments]
    arriving = [one for one in found.shipments if one.state == Shipment.State.SHIPPED]
    page = {
        "order": found,
        "badge": state_badge(found.state),
        "may": may,
        "events": events_of(found, timeline_of(order_id, [one.id for one in found.shipments])),
        "shipments": shipments,
        "arriving": arriving,
        "returns": list(Return.objects.visible_to(actor).filter(order_id=order_id).order_by("returned_at")),
        "asked": _return_requests(found),
        **situation_of(found, actor),
        "lines": lines_of(found),
        "parties": parties_of(found),
        "back": "sold" if actor.party_id == found.seller_id else "bought",
    }
    return render(request, "ordering/order.html", page)


def _return_requests(order: OrderFacts) -> list[dict[str, Any]]:
    """Return the return requests of the order, newest first, with the goods in words."""
    by_position = {line.position: line for line in order.lines}
    rows = ReturnRequest.objects.filter(order_id=order.id).order_by("-requested_at")
    return [
        {
            "row": row,
            "open": row.state == ReturnRequest.State.REQUESTED,
            "goods": join_list(
                _goods(by_position[line["position"]].name, line["qty"], line["free"])
                for line in row.lines
                if line["position"] in by_position
            ),
        }
        for row in rows
    ]


def _goods(name: str, qty: int, free: int) -> str:
    """Return one line in words: 酱油 × 12 + 2 赠送."""
    return f"{name} × {grouped(qty)}" + (f" + {grouped(free)} {_('free')}" if free else "")


@entering("order.view")
@once
@require_POST
def run_action(request: ActorRequest, order_id: UUID, action: str) -> HttpResponse:
    """Confirm, approve, release or reserve the order."""
    if action not in ACTIONS:
        raise Http404
    operation, message = ACTIONS[action]
    actor = request.actor
    must_take_part(get_visible_order(actor, order_id), actor, SELLER)
    attempt(request, lambda: operation(order_id=order_id, by=actor, at=timezone.now()), success=str(message))
    return redirect("order", order_id=order_id)


@entering("order.view")
@once
def cancel(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Display what would be cancelled and ask for a reason; cancel the order on POST."""
    actor = request.actor
    found = get_visible_order(actor, order_id)
    must_take_part(found, actor, SELLER, BUYER)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:300]
        message = _("The unshipped quantity is closed.")
        attempt(
            request,
            lambda: cancel_order(order_id=order_id, by=actor, at=timezone.now(), reason=reason),
            success=message,
        )
        return redirect("order", order_id=order_id)
    page = {"order": found, "badge": state_badge(found.state), "may": allowed_actions(found, actor)}
    return render(request, "ordering/cancel.html", page)


@entering("order.ship")
@once(content=quantities_by_line)
def ship_order(request: ActorRequest, order_id: UUID) -> HttpResponse:
    """Ship the quantities typed for the lines; free units follow as they are earned."""
    actor = request.actor
    found = get_visible_order(actor, order_id)
    must_take_part(found, actor, SELLER)
    lines, wrong = lines_of(found), ""
    if request.method == "POST":
        try:
            typed = _typed_quantities(request, lines)
            parts = [Part(position, qty) for position, qty in typed if qty]
            with transaction.atomic():
                shipment = ship(order_id=order_id, by=actor, at=timezone.now(), lines=parts)
        except Refusal as refusal:
            wrong = refusal.message
        else:
            messages.success(request, _("%(number)s is in transit.") % {"number": shipment.number})
            return redirect("shipment", shipment_id=shipment.id)
    rows = [
        {
            "line": line,
            "packing": packing,
            "open": line.uncancelled_qty - line.shipped_qty,
            "free": line.uncancelled_free - line.shipped_free,
            "qty": request.POST.get(f"qty-{line.position}", line.uncancelled_qty - line.shipped_qty),
        }
        for line, packing in lines
        if line.uncancelled_qty > line.shipped_qty or line.uncancelled_free > line.shipped_free
    ]
    page = {
        "order": found,
        "rows": rows,
        "wrong": wrong,
        "badge": state_badge(found.state),
        "parties": parties_of(found),
    }
    return render(request, "ordering/ship.html", page, status=409 if wrong else 200)


def _typed_quantities(request: ActorRequest, lines: list[Any]) -> list[tuple[int, int]]:
    """Return (position, base units) of the typed quantities. Raise UnreadableField."""
    return [
        (
            line.position,
            typed_units(request.POST.get(f"qty-{line.position}"), row=line.sku, packing=packing),
        )
        for line, packing in lines
    ]
