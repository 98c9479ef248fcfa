"""The seller's side of a price-drop claim: it explains units without a receipt, refuses, or approves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor, NotAllowed
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.cases import plain
from kernel.refusals import Refusal
from ledger.models import Account
from ledger.operations.books import open_book
from ledger.operations.posting import post
from rebates.audit_actions import PriceDropAction
from rebates.models import PriceDropClaim
from rebates.operations.price_drops.computing import least_amount
from rebates.operations.price_drops.replies import ClaimClosed, lock_claim
from tenancy.context import joined_transaction

APPROVE = "rebates.price_drop"
EXPENSE, WALLET = Account.Kind.REBATE_EXPENSE.value, Account.Kind.REBATE_WALLET.value
AMOUNT, REASON = gettext_noop("Compensation"), gettext_noop("Reason")
State = PriceDropClaim.State


class BadClaimDecision(Refusal):
    code = "bad_decision"


def explain_unmatched(*, claim_id: UUID, answer: str, by: Actor, at: datetime) -> PriceDropClaim:
    """Record what the seller found out about units without a receipt. It changes no amount.

    Raise BadClaimDecision, or ClaimClosed for a claim without such units or one that is closed.
    """
    answer = answer.strip()
    with joined_transaction():
        claim = _locked(claim_id, by)
        if claim.answer == answer and answer:
            return claim
        if not claim.unmatched or claim.state not in (State.WAITING, State.REPLIED):
            raise ClaimClosed(_("There is no question to answer here."), field="state")
        if not answer:
            raise BadClaimDecision(_("Say where the units come from."), field="answer")
        claim.answer, claim.answered_at, claim.answered_by = answer, at, by.label[:150]
        claim.save(update_fields=["answer", "answered_at", "answered_by"])
        facts = {"answer": answer, "unmatched": claim.unmatched}
        record(PriceDropAction.EXPLAIN, claim, by=by, at=at, **facts)
    return claim


def refuse_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> PriceDropClaim:
    """Refuse a claim with a reason that the partner reads. Raise ClaimClosed or BadClaimDecision."""
    reason = reason.strip()
    with joined_transaction():
        claim = _locked(claim_id, by)
        if claim.state == State.REFUSED and claim.reason == reason:
            return claim
        _must_wait(claim)
        if not reason:
            raise BadClaimDecision(_("A refusal needs a reason."), field="reason")
        _decide(claim, State.REFUSED, reason, by, at)
        claim.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        record(PriceDropAction.REFUSE, claim, by=by, at=at, reason=reason, amount=plain(claim.amount))
        announce("price_drop.decided", {"claim_id": str(claim.id)}, at=at)
    return claim


def approve_claim(*, claim_id: UUID, reason: str, by: Actor, at: datetime) -> PriceDropClaim | Approval:
    """Post a claim to the partner's wallet, or request it: a second person of the manufacturer approves.

    Raise ClaimClosed, BadClaimDecision while a question is open or nothing is due, and what
    `request_approval` raises.
    """
    values = {"claim_id": str(claim_id), "reason": reason.strip()}
    with joined_transaction():
        claim = _locked(claim_id, by)
        if claim.state == State.POSTED:
            return claim
        _check(claim)
        waiting = request_approval(
            APPROVE,
            claim,
            title=f"{claim.drop.price_list.code} · {claim.party.name}",
            values=values,
            changes=[
                FieldChange(AMOUNT, "—", plain(claim.amount)),
                FieldChange(REASON, "—", values["reason"] or "—"),
            ],
            amount=claim.amount,
            about=claim.party_id,
            by=by,
            at=at,
        )
        return waiting or apply_claim(values, by=by, at=at)


def claim_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a claim and return what its approval is based on as JSON; {} if it is gone."""
    found = PriceDropClaim.objects.select_for_update(no_key=True).filter(id=values["claim_id"]).first()
    if found is None:
        return {}
    return {"state": found.state, "amount": plain(found.amount), "unmatched": found.unmatched}


def apply_claim(values: dict[str, Any], *, by: Actor, at: datetime) -> PriceDropClaim:
    """Post an approved claim, once, from the seller's expense to the partner's wallet."""
    with joined_transaction():
        claim = _locked(UUID(values["claim_id"]), by)
        _check(claim)
        posted = post(
            book_id=open_book(seller_id=claim.drop.seller_id, buyer_id=claim.party_id),
            kind="price_drop",
            source=f"price-drop:{claim.id}",
            at=at,
            lines=[(EXPENSE, claim.amount), (WALLET, -claim.amount)],
            memo=f"{claim.drop.price_list.code} {claim.drop.effective}",
            posted_by=by.label,
        )
        claim.journal_id = posted.journal_id
        _decide(claim, State.POSTED, values["reason"], by, at)
        claim.save(update_fields=["state", "reason", "decided_at", "decided_by", "journal"])
        record(PriceDropAction.POST, claim, by=by, at=at, amount=plain(claim.amount), reason=claim.reason)
        announce("price_drop.decided", {"claim_id": str(claim.id)}, at=at)
    return claim


def _locked(claim_id: UUID, by: Actor) -> PriceDropClaim:
    by.must("price_drop.decide")
    claim = lock_claim(claim_id, by)
    if not by.acts_for(claim.drop.seller_id):
        raise NotAllowed(_("Only the seller decides a claim."), right="price_drop.decide")
    return claim


def _must_wait(claim: PriceDropClaim) -> None:
    if claim.state == State.WAITING:
        message = _("The partner may reply until %(day)s.")
        raise ClaimClosed(message % {"day": claim.reply_by.isoformat()}, field="state")
    if claim.state != State.REPLIED:
        raise ClaimClosed(_("This claim is decided."), field="state")


def _check(claim: PriceDropClaim) -> None:
    _must_wait(claim)
    if claim.has_open_question:
        message = _("Explain the units without a receipt first.")
        raise BadClaimDecision(message, field="answer")
    if claim.amount < least_amount(claim.drop):
        raise BadClaimDecision(_("Nothing is due for this claim: refuse it with a reason."), field="amount")


def _decide(claim: PriceDropClaim, state: str, reason: str, by: Actor, at: datetime) -> None:
    claim.state, claim.reason = state, reason
    claim.decided_at, claim.decided_by = at, by.label[:150]
