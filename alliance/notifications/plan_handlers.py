"""Event handlers that notify partners of their objectives, and who handed them down of the answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from alliance.models import ChannelPlan, PlanObjective
from alliance.notifications import topics
from dealers.models import Party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from tenancy.rooms import NotificationTopic


@on("alliance.plan_handed_down")
def plan_handed_down(body: dict[str, Any], at: datetime) -> None:
    """Ask the dealers to answer their objectives."""
    _all_of_plan(body, topics.PLAN_HANDED_DOWN, at, right="plan.agree")


@on("alliance.plan_in_force")
def plan_in_force(body: dict[str, Any], at: datetime) -> None:
    """Notify all who have an objective that the plan is in force."""
    _all_of_plan(body, topics.PLAN_IN_FORCE, at, right="plan.view")


def _all_of_plan(body: dict[str, Any], topic: NotificationTopic, at: datetime, *, right: str) -> None:
    plan = ChannelPlan.objects.get(id=body["plan_id"])
    parties = PlanObjective.objects.filter(target__plan=plan).values_list("party_id", flat=True).distinct()
    people = people_of(parties, right=right, **link_to("objectives"))
    params = {"plan": plan.name, "year": str(plan.year)}
    tell(topic=topic, people=people, params=params, source=f"{topic.code}:{plan.id}", at=at)


@on("alliance.objectives_handed_down")
def objectives_handed_down(body: dict[str, Any], at: datetime) -> None:
    """Ask the members to answer the objectives that their dealer handed down."""
    rows = PlanObjective.objects.filter(id__in=body["objective_ids"]).select_related("target__plan")
    found = list(rows.order_by("id"))
    if not found:
        return
    plan = found[0].target.plan
    people = people_of({one.party_id for one in found}, right="plan.agree", **link_to("objectives"))
    params = {"plan": plan.name, "year": str(plan.year)}
    source = f"{topics.PLAN_HANDED_DOWN.code}:{plan.id}:{at.isoformat()}"
    tell(topic=topics.PLAN_HANDED_DOWN, people=people, params=params, source=source, at=at)


@on("alliance.objective_changed")
def objective_changed(body: dict[str, Any], at: datetime) -> None:
    """Notify the party of an objective that was changed."""
    one = _objective(body)
    if one is None:
        return
    people = people_of([one.party_id], right="plan.agree", **link_to("objective", one.id))
    params = {"plan": one.target.plan.name, "amount": body["amount"]}
    source = f"{topics.OBJECTIVE_CHANGED.code}:{one.id}:{at.isoformat()}"
    tell(topic=topics.OBJECTIVE_CHANGED, people=people, params=params, source=source, at=at)


@on("alliance.objective_answered")
def objective_answered(body: dict[str, Any], at: datetime) -> None:
    """Notify who handed an objective down of the answer: the dealer, or the manufacturer's planners."""
    one = _objective(body)
    if one is None or one.state == PlanObjective.State.OPEN:
        return
    is_agreed = one.state == PlanObjective.State.AGREED
    topic = topics.OBJECTIVE_AGREED if is_agreed else topics.OBJECTIVE_COUNTERED
    if one.parent is not None:
        giver, right = one.parent.party_id, "plan.agree"
    else:
        giver, right = _manufacturer(), "plan.edit"
    people = people_of([giver], right=right, about=one.party_id, **link_to("objective", one.id))
    params = {
        "plan": one.target.plan.name,
        "party": one.party.name,
        "amount": f"{one.amount:f}",
        "asked": f"{one.counter_amount:f}" if one.counter_amount is not None else "",
        "reason": one.reason,
    }
    source = f"{topic.code}:{one.id}:{at.isoformat()}"
    tell(topic=topic, people=people, params=params, source=source, at=at)


def _objective(body: dict[str, Any]) -> PlanObjective | None:
    rows = PlanObjective.objects.select_related("target__plan", "party", "parent")
    found: PlanObjective | None = rows.filter(id=body["objective_id"]).first()
    return found


def _manufacturer() -> UUID:
    found: UUID = Party.objects.values_list("id", flat=True).get(kind=Party.Kind.MANUFACTURER)
    return found
