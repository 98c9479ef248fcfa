"""Labels and icons for the states of orders and shipments, and the timeline of an order."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from audit.models import AuditEntry
from ordering.audit_actions import OrderAction
from ordering.models import Order, Shipment
from ordering.queries.orders import OrderFacts
from ui.web.components import Badge, Event

State = Order.State
MOODS = {
    State.REVIEW: ("warn", "clock"),
    State.HELD: ("bad", "lock"),
    State.PLACED: ("info", "info-circle"),
    State.CONFIRMED: ("", "check"),
    State.RESERVED: ("", "box"),
    State.PART_SHIPPED: ("warn", "truck-delivery"),
    State.SHIPPED: ("info", "truck-delivery"),
    State.DELIVERED: ("good", "circle-check"),
    State.CANCELLED: ("", "ban"),
}
AHEAD = (State.PLACED, State.CONFIRMED, State.SHIPPED, State.DELIVERED)
REACHED = {
    State.REVIEW: 1,
    State.HELD: 1,
    State.PLACED: 1,
    State.CONFIRMED: 2,
    State.RESERVED: 2,
    State.PART_SHIPPED: 2,
    State.SHIPPED: 3,
    State.DELIVERED: 4,
    State.CANCELLED: 4,
}


def state_badge(state: str) -> Badge:
    """Return the badge of an order's state."""
    mood, icon = MOODS[State(state)]
    return Badge(text=str(State(state).label), mood=mood, icon=icon)


def shipment_badge(state: str) -> Badge:
    """Return the badge of a shipment's state."""
    arrived = state == Shipment.State.DELIVERED
    label = str(Shipment.State(state).label)
    return Badge(
        text=label, mood="good" if arrived else "info", icon="circle-check" if arrived else "truck-delivery"
    )


def events_of(order: OrderFacts, entries: Iterable[AuditEntry]) -> list[Event]:
    """Return the past events of an order, oldest first, then its coming steps."""
    past = [
        Event(
            title=entry.action_label,
            at=entry.at,
            who=entry.actor,
            note=_note(entry),
            state="bad" if entry.action == OrderAction.CANCEL else "done",
        )
        for entry in entries
    ]
    if not past or past[0].at is None or past[0].at > order.placed_at:
        past.insert(0, Event(title=str(State.PLACED.label), at=order.placed_at, note=order.number))
    ahead = [
        Event(title=str(state.label), state="open", note=_promise(order) if state == State.DELIVERED else "")
        for state in AHEAD[REACHED[State(order.state)] :]
    ]
    if order.state == State.PART_SHIPPED:
        past[-1] = Event(past[-1].title, past[-1].at, past[-1].who, past[-1].note, state="now")
    return past + ahead


def _note(entry: AuditEntry) -> str:
    return " · ".join(
        str(entry.facts[key]) for key in ("reason", "signed_by", "number") if entry.facts.get(key)
    )


def _promise(order: OrderFacts) -> str:
    if order.window_from is None or order.window_until is None:
        return ""
    return _("promised %(start)s to %(end)s") % {
        "start": f"{order.window_from:%Y-%m-%d %H:%M}",
        "end": f"{order.window_until:%m-%d %H:%M}",
    }
