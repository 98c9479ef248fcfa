"""A plan of the year with a target for each metric, for tests of operations and pages."""

from decimal import Decimal

from alliance.models import PlanObjective, PlanTarget
from alliance.operations.plans.drafting import (
    NewObjective,
    NewTarget,
    draft_plan,
    set_objectives,
    set_targets,
)
from alliance.operations.plans.objectives import hand_down_plan
from tests.alliance.world import NOW
from tests.factories import an_actor


def a_plan(director, *targets, code="P-2026", year=2026):
    plan = draft_plan(code=code, name="Plan of the year", year=year, by=director, at=NOW)
    rows = targets or (NewTarget("44", "volume", Decimal(1200)), NewTarget("44", "outlets", Decimal(10)))
    set_targets(plan_id=plan.id, targets=rows, by=director, at=NOW)
    return plan


def target_of(plan, metric="volume"):
    return PlanTarget.objects.get(plan=plan, metric=metric)


def objective(plan, dealer, director, amount=1200, metric="volume"):
    """Give a dealer an objective of a draft, and hand the plan down."""
    target = target_of(plan, metric)
    wanted = [NewObjective(dealer.code, Decimal(amount))]
    set_objectives(target_id=target.id, objectives=wanted, by=director, at=NOW)
    hand_down_plan(plan_id=plan.id, by=director, at=NOW)
    return PlanObjective.objects.get(target=target, party=dealer)


def owner(party):
    return an_actor(party)
