"""Confirm, approve, reserve and release orders: the steps at which an order becomes firm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from approvals.operations.requesting import must_be_another
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from ledger.models import Book
from ledger.operations.posting import write
from ordering.audit_actions import OrderAction
from ordering.models import Order
from ordering.operations.credit_check import CreditExceeded, credit_refusal
from ordering.operations.daily_facts import add_facts
from ordering.operations.locking import LockedOrder, lock_order
from ordering.operations.order_writer import commitment, ordered_facts, wanted_of
from ordering.operations.reserving import Change, change_stock, reserve_softly
from ordering.queries.orders import OrderFacts, order_facts
from tenancy.context import active_tenant_id, joined_transaction

State = Order.State
REVIEW = "ordering.review"
MAX_REASON_CHARACTERS = 300
SOFT = {State.PLACED, State.CONFIRMED}


def confirm_order(*, order_id: UUID, by: Actor, at: datetime) -> OrderFacts:
    """Confirm a placed order as its seller.

    Its soft reservation becomes a hard one; that of a pre-sale order only with `reserve`.
    """
    by.must("order.confirm")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.PLACED)
        _confirm(locked, by, at)
    return reload_order(order_id)


def accept_order(*, order_id: UUID, by: Actor, at: datetime) -> OrderFacts:
    """Approve an order that waits for a review of its prices, or confirm a placed one."""
    by.must("order.confirm")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.PLACED, State.REVIEW)
        if locked.order.state == State.REVIEW:
            _approve(locked, by, at)
        else:
            _confirm(locked, by, at)
    return reload_order(order_id)


def _confirm(locked: LockedOrder, by: Actor, at: datetime) -> None:
    order = locked.order
    firm = order.kind != Order.Kind.PRESALE and _reserved(order)
    state = State.RESERVED if firm else State.CONFIRMED
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ordering_order SET state = %s, confirmed_at = %s WHERE tenant_id = %s AND id = %s",
            [state, at, active_tenant_id(), order.id],
        )
    record(OrderAction.CONFIRM, (Order, order.id), by=by, at=at, number=order.number)
    announce("ordering.confirmed", {"order_id": str(order.id)}, at=at)
    if firm:
        _harden(locked, at)


def reserve(*, order_id: UUID, by: Actor, at: datetime) -> OrderFacts:
    """Make the reservation of a confirmed pre-sale order firm."""
    by.must("order.confirm")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.CONFIRMED)
        _set_state(order_id, State.RESERVED)
        record(OrderAction.RESERVE, (Order, order_id), by=by, at=at, number=locked.order.number)
        _harden(locked, at)
    return reload_order(order_id)


def _reserved(order: OrderFacts) -> bool:
    return any(line.reserved_qty for line in order.lines)


def hardening(order: OrderFacts) -> dict[UUID, Change]:
    """Return the stock changes that turn the order's soft reservation into a hard one, by product."""
    changes: dict[UUID, Change] = {}
    for line in order.lines:
        if line.reserved_qty:
            more = Change(hard=line.reserved_qty, soft=-line.reserved_qty)
            changes[line.product_id] = changes.get(line.product_id, Change()).plus(more)
    return changes


def _harden(locked: LockedOrder, at: datetime) -> None:
    order = locked.order
    change_stock(
        party_id=order.seller_id, changes=hardening(order), kind="reserve", source=f"order:{order.id}", at=at
    )


def approve_review(*, order_id: UUID, by: Actor, at: datetime, reason: str = "") -> OrderFacts:
    """Approve the prices of an order in review; then credit and stock are checked.

    The buyer and the person who placed it are notified; the reason stays with the seller. Raises SamePerson
    if the person who placed it approves it.
    """
    by.must("order.confirm")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.REVIEW)
        _approve(locked, by, at, reason.strip()[:MAX_REASON_CHARACTERS])
    return reload_order(order_id)


def _approve(locked: LockedOrder, by: Actor, at: datetime, reason: str = "") -> None:
    order = locked.order
    placer = Order.objects.values_list("placed_by_id", flat=True).get(id=order.id)
    must_be_another(REVIEW, first=placer, by=by)
    for setter in {line.why["manual"]["set_by"] for line in order.lines if line.why.get("manual")}:
        must_be_another(REVIEW, first=UUID(setter) if setter else None, by=by)
    refused = credit_refusal(order, locked.book, locked.day_of(at))
    facts = {"number": order.number, "held": bool(refused)}
    facts |= {"grounds": reason} if reason else {}
    record(OrderAction.APPROVE, (Order, order.id), by=by, at=at, **facts)
    if reason:
        _store_grounds(order.id, reason)
    announce("ordering.approved", {"order_id": str(order.id)}, at=at)
    if refused:
        _set_state(order.id, State.HELD)
        announce("ordering.held", {"order_id": str(order.id)}, at=at)
    else:
        _accept(locked, by, at)


def _store_grounds(order_id: UUID, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ordering_order SET facts = facts || jsonb_build_object('approved', %s::text)"
            " WHERE tenant_id = %s AND id = %s",
            [reason, active_tenant_id(), order_id],
        )


def release_held(*, order_id: UUID, by: Actor, at: datetime) -> OrderFacts:
    """Check the credit of a held order again, and place the order. Raises CreditExceeded."""
    by.must("order.confirm")
    with joined_transaction():
        locked = lock_order(order_id, by=by)
        locked.must_be(State.HELD)
        refused = credit_refusal(locked.order, locked.book, locked.day_of(at))
        if refused:
            message = _("Order %(number)s: credit limit exceeded.")
            raise CreditExceeded(message % {"number": locked.order.number}, **refused)
        record(OrderAction.RELEASE, (Order, order_id), by=by, at=at, number=locked.order.number)
        _accept(locked, by, at)
    return reload_order(order_id)


def release_affordable(*, book_id: UUID, by: Actor, at: datetime) -> int:
    """Release a book's held orders, oldest first, as far as credit and stock allow; return how many."""
    book = Book.objects.get(id=book_id)
    held = Order.objects.filter(seller_id=book.seller_id, buyer_id=book.buyer_id, state=State.HELD)
    released = 0
    for order_id in list(held.order_by("placed_at", "id").values_list("id", flat=True)):
        try:
            with transaction.atomic():
                release_held(order_id=order_id, by=by, at=at)
            released += 1
        except Refusal:
            continue
    return released


def _accept(locked: LockedOrder, by: Actor, at: datetime) -> None:
    """Do what placing leaves undone for an order in review or held: posting, reservation, facts, message."""
    order = locked.order
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH lines AS (UPDATE ordering_orderline SET reserved_qty = qty + free_qty"
            " WHERE tenant_id = %(tenant)s AND order_id = %(order)s AND %(tracks)s)"
            " UPDATE ordering_order SET state = 'placed', open_amount = total, facts = facts - 'credit'"
            " WHERE tenant_id = %(tenant)s AND id = %(order)s",
            {"tenant": active_tenant_id(), "order": order.id, "tracks": locked.seller_tracks},
        )
    write([replace(commitment(order, locked.book.book_id, by), at=at)], locked.book.heads)
    announce("ordering.placed", {"order_id": str(order.id)}, at=at)
    if locked.seller_tracks:
        reserve_softly(party_id=order.seller_id, wanted=wanted_of(order), facts=ordered_facts(order))
    else:
        add_facts(ordered_facts(order))


def _set_state(order_id: UUID, state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ordering_order SET state = %s WHERE tenant_id = %s AND id = %s",
            [state, active_tenant_id(), order_id],
        )


def reload_order(order_id: UUID) -> OrderFacts:
    """Return the order as stored now. Raises LookupError if it does not exist."""
    order = order_facts(order_id)
    if order is None:
        raise LookupError(order_id)
    return order
