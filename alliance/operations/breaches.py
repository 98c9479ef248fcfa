"""Operations on a breach: a side at fault replies, a person decides, and a reminder before the last day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import BreachAction
from alliance.models import Breach, BreachReply
from alliance.operations.breach_opening import share_breaches
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record, record_many
from jobs.operations.outbox import announce, announce_many
from kernel.cases import plain
from kernel.money import ZERO
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

DECIDE = "alliance.breach"
REMIND_DAYS = 2
MAX_REMINDERS = 5_000
AMOUNT, REASON = gettext_noop("Amount decided"), gettext_noop("Reason")
State, Decision = Breach.State, Breach.Decision


class UnknownBreach(Refusal):
    code = "not_found"


class BreachClosed(Refusal):
    """The breach does not wait for this any more."""

    code = "wrong_state"


class BadBreachReply(Refusal):
    code = "bad_reply"


class BadDecision(Refusal):
    code = "bad_decision"


def reply_to_breach(*, breach_id: UUID, accepts: bool, reason: str, by: Actor, at: datetime) -> BreachReply:
    """Record what a side at fault answers, within its days to reply.

    A side answers once; the same answer again changes nothing. Who contests gives a reason. Once all sides
    at fault have answered, the breach waits for a decision. Raise NotAllowed for a party that owes nothing,
    BreachClosed after the last day, or BadBreachReply.
    """
    by.must("breach.reply")
    reason = reason.strip()
    with joined_transaction():
        breach = _locked(breach_id, by)
        owing = set(breach.shares.values_list("party_id", flat=True))
        if by.party_id not in owing:
            message = _("Only a side that owes a part of a breach replies to it.")
            raise NotAllowed(message, right="breach.reply")
        replies = {one.party_id: one for one in breach.replies.all()}
        mine = replies.get(by.party_id)
        if mine is not None and (mine.accepts, mine.reason) == (accepts, reason):
            return mine
        if mine is not None or breach.state != State.OPEN:
            raise BreachClosed(_("This breach does not wait for a reply any more."), field="state")
        if breach.reply_by < day_of_tenant(at):
            message = _("The last day to reply was %(day)s; it is decided without a reply.")
            raise BreachClosed(message % {"day": breach.reply_by.isoformat()}, field="reply_by")
        if not accepts and not reason:
            raise BadBreachReply(_("Say why you contest it."), field="reason")
        reply = BreachReply.objects.create(
            breach=breach, party_id=by.party_id, accepts=accepts, reason=reason, user_id=by.user_id, at=at
        )
        breach.is_contested = breach.is_contested or not accepts
        if owing <= {*replies, by.party_id}:
            breach.state = State.REPLIED
        breach.save(update_fields=["is_contested", "state"])
        record(BreachAction.REPLY, breach, by=by, at=at, accepts=accepts, reason=reason)
        announce("breach.replied", {"breach_id": str(breach.id), "party_id": str(by.party_id)}, at=at)
    return reply


def decide_breach(
    *,
    breach_id: UUID,
    decision: str,
    reason: str,
    by: Actor,
    at: datetime,
    amount: Decimal | None = None,
) -> Breach | Approval:
    """Uphold a breach, uphold a part of it (`amount`), or dismiss it, with a reason.

    A second person approves it if the rule of approvals asks for one. What is upheld is then booked, once.
    Raise BreachClosed while replies may still come, or BadDecision.
    """
    by.must("breach.decide")
    values = {
        "breach_id": str(breach_id),
        "decision": decision,
        "amount": None if amount is None or decision != Decision.PARTLY else plain(amount),
        "reason": reason.strip(),
    }
    with joined_transaction():
        breach = _locked(breach_id, by)
        if _is_decided_so(breach, values):
            return breach
        _check_decision(breach, values, today=day_of_tenant(at))
        upheld = _upheld(breach, values)
        waiting = request_approval(
            DECIDE,
            breach,
            title=f"{breach.contract.code} {breach.contract.member.name}",
            values=values,
            changes=[
                FieldChange(AMOUNT, plain(breach.amount), plain(upheld)),
                FieldChange(REASON, "—", reason.strip()),
            ],
            amount=breach.amount,
            about=breach.contract.member_id,
            by=by,
            at=at,
        )
        return waiting or apply_decision(values, by=by, at=at)


def breach_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a breach and return its state and amount as JSON; {} if it is gone."""
    found = Breach.objects.select_for_update(no_key=True).filter(id=values["breach_id"]).first()
    return {} if found is None else {"state": found.state, "amount": plain(found.amount)}


def apply_decision(values: dict[str, Any], *, by: Actor, at: datetime) -> Breach:
    """Write a decision and what each side owes by it."""
    by.must("breach.decide")
    with joined_transaction():
        breach = _locked(UUID(values["breach_id"]), by)
        _check_decision(breach, values, today=day_of_tenant(at))
        breach.state, breach.decision = State.DECIDED, values["decision"]
        breach.decided_amount = _upheld(breach, values) if breach.decision == Decision.PARTLY else None
        breach.reason, breach.decided_by_id, breach.decided_at = values["reason"], by.user_id, at
        breach.save(
            update_fields=["state", "decision", "decided_amount", "reason", "decided_by_id", "decided_at"]
        )
        share_breaches([breach.id])
        facts = {"decision": breach.decision, "amount": plain(_upheld(breach, values))}
        record(BreachAction.DECIDE, breach, by=by, at=at, reason=breach.reason, **facts)
        announce("breach.decided", {"breach_id": str(breach.id)}, at=at)
    return breach


def remind_replies(*, by: Actor, at: datetime) -> int:
    """Announce the breaches whose last day to reply is near, once each; return their number."""
    today = day_of_tenant(at)
    with joined_transaction():
        due = Breach.objects.filter(
            state=State.OPEN,
            reminded_on=None,
            reply_by__gte=today,
            reply_by__lte=today + timedelta(days=REMIND_DAYS),
            opened_at__lt=at - timedelta(days=1),
        )
        found = list(
            due.select_related("contract").order_by("id").select_for_update(of=("self",))[:MAX_REMINDERS]
        )
        Breach.objects.filter(id__in=[one.id for one in found]).update(reminded_on=today)
        record_many(BreachAction.REMIND, [(one, {}) for one in found], by=by, at=at)
        announce_many("breach.reply_due", [{"breach_id": str(one.id)} for one in found], at=at)
    return len(found)


def _locked(breach_id: UUID, by: Actor) -> Breach:
    rows = Breach.objects.visible_to(by).select_related("contract__member")
    found: Breach | None = rows.select_for_update(of=("self",), no_key=True).filter(id=breach_id).first()
    if found is None:
        raise UnknownBreach(_("There is no such breach."), field="breach")
    return found


def _check_decision(breach: Breach, values: dict[str, Any], *, today: date) -> None:
    may_wait = breach.state == State.OPEN and breach.reply_by >= today
    if may_wait:
        message = _("The sides at fault may reply until %(day)s.")
        raise BreachClosed(message % {"day": breach.reply_by.isoformat()}, field="state")
    if breach.state not in (State.OPEN, State.REPLIED):
        raise BreachClosed(_("This breach is decided."), field="state")
    if values["decision"] not in Decision.values:
        raise BadDecision(_("Choose a decision."), field="decision")
    if not values["reason"]:
        raise BadDecision(_("A decision needs a reason."), field="reason")
    if values["decision"] == Decision.PARTLY:
        amount = values["amount"]
        if amount is None or not ZERO < Decimal(amount) < breach.amount:
            message = _("A part is more than 0 and less than %(amount)s.")
            raise BadDecision(message % {"amount": plain(breach.amount)}, field="amount")


def _upheld(breach: Breach, values: dict[str, Any]) -> Decimal:
    if values["decision"] == Decision.PARTLY:
        return Decimal(values["amount"])
    return ZERO if values["decision"] == Decision.DISMISSED else breach.amount


def _is_decided_so(breach: Breach, values: dict[str, Any]) -> bool:
    """Return whether the breach was decided like this before, so that a repeated request changes nothing."""
    decided = None if breach.decided_amount is None else plain(breach.decided_amount)
    amount = None if values["amount"] is None else plain(Decimal(values["amount"]).quantize(Decimal("0.01")))
    return (breach.decision, decided, breach.reason) == (values["decision"], amount, values["reason"])
