"""Queries of the channel plan: gaps of what is handed down, monthly results, and what lags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from alliance.domain.channel_plan import (
    MONTHS,
    HandedDown,
    Lagging,
    Progress,
    handed_down,
    lagging,
    progress,
)
from alliance.models import PlanActual, PlanObjective, PlanTarget

Actuals = list[Decimal | None]


def sums_handed_down(targets: Iterable[PlanTarget]) -> dict[UUID, HandedDown]:
    """Return for each target its amount and the sum of the dealers' objectives. One statement."""
    rows = list(targets)
    amounts: dict[UUID, list[Decimal]] = defaultdict(list)
    given = PlanObjective.objects.filter(target_id__in=[one.id for one in rows], parent=None)
    for target, amount in given.values_list("target_id", "amount"):
        amounts[target].append(amount)
    return {one.id: handed_down(one.metric, one.annual, amounts[one.id]) for one in rows}


def gaps_of(plan_id: UUID) -> list[HandedDown]:
    """Return what does not fit of a plan: targets of which more or less was handed down."""
    found = sums_handed_down(PlanTarget.objects.filter(plan_id=plan_id))
    return [one for one in found.values() if not one.fits]


def months_begun(year: int, today: date) -> int:
    """Return how many months of a year have begun on a day."""
    if year != today.year:
        return MONTHS if year < today.year else 0
    return today.month


def actuals_of(targets: Sequence[UUID]) -> dict[tuple[UUID, UUID | None], Actuals]:
    """Return the twelve results by (target, party); party None is the sum of all. One statement."""
    found: dict[tuple[UUID, UUID | None], Actuals] = defaultdict(lambda: [None] * MONTHS)
    rows = PlanActual.objects.filter(target_id__in=targets)
    for target, party, month, actual in rows.values_list("target_id", "party_id", "month", "actual"):
        found[target, party][month.month - 1] = actual
    return found


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """A target with what was handed down of it and how far it has come."""

    target: PlanTarget
    handed: HandedDown
    progress: Progress
    actuals: Actuals


@dataclass(frozen=True, slots=True)
class ObjectiveProgress:
    """An objective with the months of its part of the target, and how far it has come."""

    objective: PlanObjective
    progress: Progress
    months: list[Decimal]
    actuals: Actuals


def targets_with_progress(targets: Sequence[PlanTarget], year: int, today: date) -> list[TargetProgress]:
    """Return targets with their progress on a day. Two statements."""
    handed, actuals = sums_handed_down(targets), actuals_of([one.id for one in targets])
    begun = months_begun(year, today)
    found = []
    for one in targets:
        months = actuals[one.id, None]
        way = progress(one.metric, one.annual, one.months, months, begun)
        found.append(TargetProgress(one, handed[one.id], way, months))
    return found


def objectives_with_progress(
    objectives: Sequence[PlanObjective], year: int, today: date
) -> list[ObjectiveProgress]:
    """Return objectives with their progress on a day; their months follow those of the target."""
    actuals = actuals_of([one.target_id for one in objectives])
    begun = months_begun(year, today)
    found = []
    for one in objectives:
        target = one.target
        months = [(month * one.amount / target.annual).quantize(Decimal("0.01")) for month in target.months]
        results = actuals[one.target_id, one.party_id]
        way = progress(target.metric, one.amount, months, results, begun)
        found.append(ObjectiveProgress(one, way, months, results))
    return found


def lagging_targets(rows: Sequence[TargetProgress]) -> dict[str, list[Lagging[PlanTarget]]]:
    """Return by metric the targets that lag most behind their plan."""
    by_metric: dict[str, list[tuple[PlanTarget, Progress]]] = defaultdict(list)
    for row in rows:
        by_metric[row.target.metric].append((row.target, row.progress))
    return {metric: found for metric, pairs in by_metric.items() if (found := lagging(pairs))}


def lagging_objectives(rows: Sequence[ObjectiveProgress]) -> list[Lagging[PlanObjective]]:
    """Return the objectives that lag most behind their plan."""
    return lagging((row.objective, row.progress) for row in rows)
