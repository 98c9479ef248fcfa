"""Operations that hand a plan down, answer its objectives and put it in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, Actor, NotAllowed
from alliance.audit_actions import PlanAction
from alliance.models import ChannelPlan, PlanObjective
from alliance.operations.plans.drafting import (
    BadPlan,
    NewObjective,
    UnknownPlan,
    WrongPlanState,
    is_amount,
    locked_plan,
    read_parties,
)
from alliance.queries.plans import gaps_of
from audit.operations.recording import record
from dealers.models import Party
from jobs.operations.outbox import announce
from tenancy.context import joined_transaction

State = ChannelPlan.State
Answer = PlanObjective.State


class OpenObjectives(BadPlan):
    """Objectives are not agreed yet."""

    code = "open_objectives"


class UnexplainedGap(BadPlan):
    """What was handed down is not the target, and nobody said why."""

    code = "unexplained_gap"


def hand_down_plan(*, plan_id: UUID, by: Actor, at: datetime) -> ChannelPlan:
    """Hand a draft down: the dealers see their objectives and answer them. Raise BadPlan without any."""
    with joined_transaction():
        plan = locked_plan(plan_id, State.DRAFT, right="plan.edit", by=by)
        if not PlanObjective.objects.filter(target__plan=plan).exists():
            raise BadPlan(_("Give at least one dealer an objective first."))
        plan.state = State.HANDED_DOWN
        plan.save(update_fields=["state"])
        record(PlanAction.HAND_DOWN, plan, by=by, at=at, code=plan.code)
        announce("alliance.plan_handed_down", {"plan_id": str(plan.id)}, at=at)
    return plan


def activate_plan(*, plan_id: UUID, gap_reason: str = "", by: Actor, at: datetime) -> ChannelPlan:
    """Put a plan in force, once the dealers have agreed to their objectives.

    Raise OpenObjectives, and UnexplainedGap if the sum handed down is not the target and no reason is given.
    """
    gap_reason = gap_reason.strip()[:300]
    with joined_transaction():
        plan = locked_plan(plan_id, State.HANDED_DOWN, right="plan.edit", by=by)
        open_ones = PlanObjective.objects.filter(target__plan=plan, parent=None).exclude(state=Answer.AGREED)
        count = open_ones.count()
        if count:
            message = _("%(count)s objectives are not agreed yet.") % {"count": count}
            raise OpenObjectives(message, count=count)
        gaps = gaps_of(plan.id)
        if gaps and not gap_reason:
            message = _("%(count)s targets are not handed down exactly; give the reason.")
            raise UnexplainedGap(message % {"count": len(gaps)}, field="gap_reason", count=len(gaps))
        plan.state, plan.gap_reason = State.IN_FORCE, gap_reason
        plan.save(update_fields=["state", "gap_reason"])
        record(PlanAction.ACTIVATE, plan, by=by, at=at, code=plan.code, gap_reason=gap_reason)
        announce("alliance.plan_in_force", {"plan_id": str(plan.id)}, at=at)
    return plan


def agree_objective(
    *, objective_id: UUID, amount: Decimal | None = None, by: Actor, at: datetime
) -> PlanObjective:
    """Agree to an objective for its party; a repeated call changes nothing.

    `amount` is the amount that the person has read. Raise WrongPlanState if it is another one by now.
    """
    with joined_transaction():
        found = _locked_own(objective_id, by)
        if amount is not None and amount != found.amount:
            message = _("The objective was changed meanwhile: it is %(amount)s now. Read it again.")
            raise WrongPlanState(message % {"amount": found.amount}, field="amount")
        if found.state == Answer.AGREED:
            return found
        found.state, found.counter_amount, found.reason = Answer.AGREED, None, ""
        _save_answer(found, by, at)
        record(PlanAction.AGREE, found, by=by, at=at, amount=str(found.amount))
        announce("alliance.objective_answered", {"objective_id": str(found.id)}, at=at)
    return found


def counter_objective(
    *, objective_id: UUID, amount: Decimal, reason: str, by: Actor, at: datetime
) -> PlanObjective:
    """Ask for another objective with a reason. Raise BadPlan without one, or if it is agreed already."""
    reason = reason.strip()[:300]
    if not reason:
        raise BadPlan(_("Give the reason; who handed the objective down reads it."), field="reason")
    if not is_amount(amount):
        raise BadPlan(_("Give an amount of zero or more with at most 2 places."), field="amount")
    with joined_transaction():
        found = _locked_own(objective_id, by)
        if found.state == Answer.AGREED:
            raise WrongPlanState(_("The objective is agreed already."), state=found.state)
        if amount == found.amount:
            raise BadPlan(_("This is the objective as it is: agree to it."), field="amount")
        found.state, found.counter_amount, found.reason = Answer.COUNTERED, amount, reason
        _save_answer(found, by, at)
        record(PlanAction.COUNTER, found, by=by, at=at, amount=str(amount), reason=reason)
        announce("alliance.objective_answered", {"objective_id": str(found.id)}, at=at)
    return found


def revise_objective(*, objective_id: UUID, amount: Decimal, by: Actor, at: datetime) -> PlanObjective:
    """Change an objective that its party has not agreed to; it is asked again.

    The amount that it asked for counts as agreed. The manufacturer changes those of dealers, a dealer those
    of its members.
    """
    if not is_amount(amount):
        raise BadPlan(_("Give an amount of zero or more with at most 2 places."), field="amount")
    with joined_transaction():
        found = _locked(objective_id, by, right="plan.agree" if by.party_kind == DEALER else "plan.edit")
        giver = found.parent.party_id if found.parent is not None else None
        if (by.party_kind == MANUFACTURER and giver is not None) or (
            giver is not None and not by.acts_for(giver)
        ):
            raise NotAllowed(_("Who handed an objective down changes it."), right="plan.edit")
        if giver is None and by.party_kind != MANUFACTURER:
            raise NotAllowed(_("Who handed an objective down changes it."), right="plan.edit")
        if found.state == Answer.AGREED:
            raise WrongPlanState(_("The objective is agreed already."), state=found.state)
        is_agreed = found.state == Answer.COUNTERED and amount == found.counter_amount
        found.amount = amount
        found.state = Answer.AGREED if is_agreed else Answer.OPEN
        found.counter_amount = None
        found.save(update_fields=["amount", "state", "counter_amount"])
        record(PlanAction.REVISE, found, by=by, at=at, amount=str(amount))
        announce("alliance.objective_changed", {"objective_id": str(found.id), "amount": str(amount)}, at=at)
    return found


def hand_down_objective(
    *, objective_id: UUID, objectives: Sequence[NewObjective], by: Actor, at: datetime
) -> int:
    """Hand a dealer's objective down to its members; return how many objectives are new or changed.

    A member's agreed objective stays as it is. The sum is not forced to the dealer's: the page shows the gap.
    """
    with joined_transaction():
        found = _locked_own(objective_id, by)
        if by.party_kind != DEALER:
            raise NotAllowed(_("A dealer hands its objective down to its members."), right="plan.agree")
        mine = Party.objects.filter(parent_id=found.party_id, kind=MEMBER)
        ids = read_parties(objectives, mine)
        stored = {one.party_id: one for one in PlanObjective.objects.filter(parent=found).order_by("id")}
        wanted = dict(zip(ids, (one.amount for one in objectives), strict=True))
        gone = [
            one.id for one in stored.values() if one.party_id not in wanted and one.state != Answer.AGREED
        ]
        PlanObjective.objects.filter(id__in=gone).delete()
        changed = [
            one
            for party_id, one in stored.items()
            if one.state != Answer.AGREED and wanted.get(party_id, one.amount) != one.amount
        ]
        for one in changed:
            one.amount, one.state, one.counter_amount = wanted[one.party_id], Answer.OPEN, None
        PlanObjective.objects.bulk_update(changed, ["amount", "state", "counter_amount"])
        new = [
            PlanObjective(target_id=found.target_id, party_id=party_id, parent=found, amount=amount)
            for party_id, amount in wanted.items()
            if party_id not in stored
        ]
        PlanObjective.objects.bulk_create(new)
        record(PlanAction.SET_OBJECTIVES, found, by=by, at=at, objectives=len(objectives))
        given = sorted(str(one.id) for one in (*new, *changed))
        if given:
            announce("alliance.objectives_handed_down", {"objective_ids": given}, at=at)
    return len(given)


def _locked_own(objective_id: UUID, by: Actor) -> PlanObjective:
    found = _locked(objective_id, by, right="plan.agree")
    if not by.acts_for(found.party_id):
        raise NotAllowed(_("The partner itself answers its objective."), right="plan.agree")
    return found


def _locked(objective_id: UUID, by: Actor, *, right: str) -> PlanObjective:
    """Lock and return a visible objective of a plan that is handed down or in force."""
    by.must(right)
    visible = PlanObjective.objects.visible_to(by).filter(id=objective_id).values("id")
    found = (
        PlanObjective.objects.select_for_update(no_key=True, of=("self",))
        .select_related("target__plan", "parent")
        .filter(id__in=visible)
        .first()
    )
    if found is None:
        raise UnknownPlan(_("There is no such objective."), field="objective")
    objective: PlanObjective = found
    if objective.target.plan.state == State.DRAFT:
        state = objective.target.plan.get_state_display()
        raise WrongPlanState(_("The plan is %(state)s.") % {"state": state}, state=State.DRAFT)
    return objective


def _save_answer(found: PlanObjective, by: Actor, at: datetime) -> None:
    found.answered_by, found.answered_at = by.label[:100], at
    found.save(update_fields=["state", "counter_amount", "reason", "answered_by", "answered_at"])
