"""Request a return as the buyer; accept or decline it as the seller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from ordering.audit_actions import OrderAction
from ordering.models import Order, ReturnRequest
from ordering.operations.locking import BUYER, SELLER, NoSuchOrder, WrongState, lock_order
from ordering.operations.returns import ReturnPart, returned_lines, take_back
from tenancy.context import joined_transaction

State = ReturnRequest.State


class AlreadyRequested(Refusal):
    code = "conflict"


class NoReason(Refusal):
    code = "reason_missing"


def request_return(
    *, order_id: UUID, lines: Sequence[ReturnPart], reason: str, by: Actor, at: datetime
) -> ReturnRequest:
    """Request that the seller take back delivered goods.

    Raises MoreThanDelivered, AlreadyRequested, NoReason.
    """
    by.must("order.return")
    if not reason.strip():
        raise NoReason(_("Give the reason for the return."), field="reason")
    with joined_transaction():
        locked = lock_order(order_id, by=by, sides=(BUYER,))
        locked.must_be(Order.State.PART_SHIPPED, Order.State.SHIPPED, Order.State.DELIVERED)
        returned_lines(locked.order, lines)
        if ReturnRequest.objects.filter(order_id=order_id, state=State.REQUESTED).exists():
            raise AlreadyRequested(
                _("A return of this order is requested already; the seller decides it first.")
            )
        request: ReturnRequest = ReturnRequest.objects.create(
            order_id=order_id,
            lines=[one._asdict() for one in lines],
            reason=reason.strip()[:300],
            requested_by=by.label[:150],
            requested_at=at,
        )
        record(OrderAction.REQUEST_RETURN, (Order, order_id), by=by, at=at, reason=request.reason)
        announce("ordering.return_asked", {"order_id": str(order_id)}, at=at)
    return request


def accept_return(*, request_id: UUID, by: Actor, at: datetime) -> ReturnRequest:
    """Take the requested goods back and credit them."""
    by.must("order.return")
    with joined_transaction():
        request = _open_request(request_id, by)
        made = take_back(
            order_id=request.order_id,
            lines=[ReturnPart(**line) for line in request.lines],
            by=by,
            at=at,
            reason=request.reason,
        )
        request.made_id = made.id
        _decide(request, State.ACCEPTED, "", by, at)
    return request


def decline_return(*, request_id: UUID, answer: str, by: Actor, at: datetime) -> ReturnRequest:
    """Decline the request with the reason `answer`."""
    by.must("order.return")
    if not answer.strip():
        raise NoReason(_("Give the reason for declining."), field="answer")
    with joined_transaction():
        request = _open_request(request_id, by)
        _decide(request, State.DECLINED, answer.strip()[:300], by, at)
        record(OrderAction.DECLINE_RETURN, (Order, request.order_id), by=by, at=at, reason=request.answer)
    return request


def _open_request(request_id: UUID, by: Actor) -> ReturnRequest:
    """Return the open request; its order is locked for the seller."""
    request: ReturnRequest | None = ReturnRequest.objects.filter(id=request_id).first()
    if request is None:
        raise NoSuchOrder(_("There is no such request."), field="request")
    lock_order(request.order_id, by=by, sides=(SELLER,))
    request.refresh_from_db()
    if request.state != State.REQUESTED:
        raise WrongState(_("This request is decided already."), state=request.state)
    return request


def _decide(request: ReturnRequest, state: str, answer: str, by: Actor, at: datetime) -> None:
    request.state, request.answer = state, answer
    request.decided_by, request.decided_at = by.label[:150], at
    request.save(update_fields=["state", "answer", "decided_by", "decided_at", "made"])
