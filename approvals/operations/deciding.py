"""Approve, reject or withdraw a change that waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _

from accounts.rights import Actor
from approvals.audit_actions import ApprovalAction
from approvals.domain.rules import fingerprint
from approvals.models import Approval
from approvals.operations.requesting import NoPerson, SamePerson
from approvals.queries import person_acting
from approvals.registry import basis_of, kind_of
from audit.operations.recording import record
from audit.targets import Target
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.rooms import resolve

MAX_REASON_CHARACTERS = 300


class NoSuchApproval(Refusal):
    code = "not_found"


class Decided(Refusal):
    code = "wrong_state"


class StaleApproval(Refusal):
    """What was to be changed is not what it was when the approval was requested."""

    code = "stale_approval"


class ReasonMissing(Refusal):
    code = "missing"


def approve(*, approval_id: UUID, by: Actor, at: datetime) -> Approval:
    """Approve a change of another person and make it, with the stored values, as that person.

    A repeated call changes nothing. Raise NoSuchApproval, NotAllowed, SamePerson, Decided, StaleApproval,
    and whatever the change's own operation raises.
    """
    with joined_transaction():
        requested = _visible(approval_id, by=by)
        basis = basis_of(requested.kind, requested.values)  # locks what changes, before the approval itself
        found = _decidable(approval_id, Approval.State.APPROVED, by=by)
        if found.state == Approval.State.APPROVED:
            return found
        requester = person_acting(found.requested_by_id, found.party_id)
        if requester is None:
            raise StaleApproval(_("The person who asked for this does not act here any more."))
        if fingerprint(found.values, basis) != found.fingerprint:
            raise StaleApproval(
                _("This was changed since the approval was asked for. Reject it, and let it be asked again.")
            )
        _decide(found, Approval.State.APPROVED, ApprovalAction.APPROVE, by=by, at=at)
        resolve(kind_of(found.kind).apply)(found.values, by=requester, at=at)
    return found


def reject(*, approval_id: UUID, reason: str, by: Actor, at: datetime) -> Approval:
    """Reject a change of another person, with a reason. Raise as `approve` does, or ReasonMissing."""
    reason = reason.replace("\x00", "").strip()[:MAX_REASON_CHARACTERS]
    with joined_transaction():
        found = _decidable(approval_id, Approval.State.REJECTED, by=by)
        if found.state == Approval.State.REJECTED:
            return found
        if not reason:
            raise ReasonMissing(_("Say why: the person who asked reads it."), field="reason")
        _decide(found, Approval.State.REJECTED, ApprovalAction.REJECT, by=by, at=at, reason=reason)
    return found


def withdraw(*, approval_id: UUID, by: Actor, at: datetime) -> Approval:
    """Withdraw a change that the actor has requested. Raise NoSuchApproval or Decided."""
    with joined_transaction():
        found = _visible(approval_id, by=by, lock=True)
        if found.requested_by_id != by.person_id:
            raise NoSuchApproval(_("Only the person who asked withdraws the request."), field="approval")
        if found.state == Approval.State.PENDING:
            _decide(found, Approval.State.WITHDRAWN, ApprovalAction.WITHDRAW, by=by, at=at)
        elif found.state != Approval.State.WITHDRAWN:
            raise _decided(found)
    return found


def _visible(approval_id: UUID, *, by: Actor, lock: bool = False) -> Approval:
    by.must("approval.view")
    visible = Approval.objects.visible_to(by).filter(id=approval_id)
    rows = Approval.objects.select_for_update(no_key=True) if lock else Approval.objects
    found: Approval | None = rows.filter(id__in=visible.values("id")).first()
    if found is None:
        raise NoSuchApproval(_("There is no such approval."), field="approval")
    return found


def _decidable(approval_id: UUID, state: Approval.State, *, by: Actor) -> Approval:
    """Return the locked approval: one that waits, or one that is in the wanted state already."""
    found = _visible(approval_id, by=by, lock=True)
    by.must(kind_of(found.kind).right)
    if by.person_id is None:
        raise NoPerson(_("A key that nobody issued cannot approve."))
    if by.person_id == found.requested_by_id:
        raise SamePerson(_("You asked for this yourself: another person decides."), kind=found.kind)
    if found.state not in (Approval.State.PENDING, state):
        raise _decided(found)
    return found


def _decided(found: Approval) -> Decided:
    message = _("This request is %(state)s.") % {"state": found.get_state_display()}
    return Decided(message, state=found.state)


def _decide(
    found: Approval,
    state: Approval.State,
    action: ApprovalAction,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    found.state, found.decided_by_id, found.decided_at = state, by.person_id, at
    found.reason = reason
    found.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    facts = {"kind": found.kind, "approval": str(found.id), "title": found.title}
    if reason:
        facts["reason"] = reason
    target: Target = (apps.get_model(found.target), found.target_id)
    record(action, target, by=by, at=at, **facts)
    if state != Approval.State.WITHDRAWN:
        announce("approvals.decided", {"approval_id": str(found.id)}, at=at)
