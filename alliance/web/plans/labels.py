"""Labels of the channel plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.domain.channel_plan import Progress
from alliance.models import ChannelPlan, PlanMetric, PlanObjective, PlanTarget
from alliance.queries.plans import Actuals
from ui.web.components import Badge
from ui.web.local_names import place_name

PLAN_MOODS = {
    ChannelPlan.State.DRAFT: ("", "pencil"),
    ChannelPlan.State.HANDED_DOWN: ("info", "send"),
    ChannelPlan.State.IN_FORCE: ("good", "circle-check"),
}
OBJECTIVE_MOODS = {
    PlanObjective.State.OPEN: ("info", "clock"),
    PlanObjective.State.AGREED: ("good", "circle-check"),
    PlanObjective.State.COUNTERED: ("warn", "message-circle"),
}
UNITS = {
    PlanMetric.OUTLETS: gettext_lazy("outlets"),
    PlanMetric.VOLUME: gettext_lazy("base units"),
    PlanMetric.PORTFOLIO: gettext_lazy("products"),
    PlanMetric.EXPENSE: gettext_lazy("in the tenant's currency"),
}


def plan_badge(plan: ChannelPlan) -> Badge:
    """Return the badge of a plan's state."""
    mood, icon = PLAN_MOODS[ChannelPlan.State(plan.state)]
    return Badge(plan.get_state_display(), mood, icon)


def objective_badge(objective: PlanObjective) -> Badge:
    """Return the badge of the answer to an objective."""
    mood, icon = OBJECTIVE_MOODS[PlanObjective.State(objective.state)]
    return Badge(objective.get_state_display(), mood, icon)


def target_name(target: PlanTarget) -> str:
    """Return "Guangdong · catering · soy sauce": where and what a target is about."""
    parts = [place_name(target.region.full_name)]
    parts += [one.name for one in (target.channel, target.category, target.portfolio) if one is not None]
    return " · ".join(parts)


def metric_label(target: PlanTarget) -> str:
    """Return what a target is measured by, with its unit."""
    unit = UNITS[PlanMetric(target.metric)]
    return _("%(metric)s (%(unit)s)") % {"metric": target.get_metric_display(), "unit": unit}


def month_rows(months: list[Decimal], actuals: Actuals) -> list[dict[str, Any]]:
    """Return the twelve months with plan and result."""
    return [
        {"name": MONTHS_3[at + 1], "plan": plan, "actual": actual}
        for at, (plan, actual) in enumerate(zip(months, actuals, strict=True))
    ]


def progress_row(way: Progress) -> dict[str, Any]:
    """Return the facts of a progress bar: its value of 100, and what is missing."""
    return {
        "way": way,
        "value": (way.part * 100).quantize(Decimal("0.1")),
        "mood": "" if way.actual is None else ("bad" if way.gap else "good"),
    }
