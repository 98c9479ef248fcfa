"""What the contracts promise and how it is kept: for the homes of all roles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Q, Sum

from accounts.rights import Actor
from alliance.models import Contract, GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from config.facts.shapes import GuaranteeRow, Guarantees
from kernel.periods import months_after
from tenancy.web.shapes import sparkline

GUARANTEE_ICONS = {
    "region": "map-pin",
    "term": "hourglass",
    "spread": "arrows-vertical",
    "service": "truck-delivery",
}
SPARK_MONTHS = 6


def guarantees(actor: Actor) -> Guarantees:
    """The last measured month of the contracts that the actor may see, and the five before it; two
    statements."""
    rows = GuaranteeMonth.objects.filter(contract__in=Contract.objects.visible_to(actor))
    last = rows.order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return Guarantees()
    since = months_after(last, 1 - SPARK_MONTHS)
    found: dict[str, dict[date, tuple[int, int, Decimal]]] = defaultdict(dict)
    counted = rows.filter(month__gte=since).order_by("month").values_list("kind", "month")
    for kind, month, *told in counted.annotate(Sum("measured"), Sum("broken"), Sum("owed")):
        found[kind][month] = (told[0], told[1], told[2])
    table = [
        GuaranteeRow(
            str(kind.label),
            GUARANTEE_ICONS[kind.value],
            *found[kind.value].get(last, (0, 0, Decimal(0))),
            spark=sparkline([broken for measured, broken, _owed in found[kind.value].values() if measured]),
            kind=kind.value,
        )
        for kind in GuaranteeKind
    ]
    return Guarantees(month=last, rows=table, shares=_shares(found))


def _shares(found: dict[str, dict[date, tuple[int, int, Decimal]]]) -> list[Decimal]:
    """The percentage kept in each month that measured anything, oldest first."""
    measured: dict[date, int] = defaultdict(int)
    broken: dict[date, int] = defaultdict(int)
    for months in found.values():
        for month, (all_of, some, _owed) in months.items():
            measured[month] += all_of
            broken[month] += some
    return [
        Decimal(100) * (measured[month] - broken[month]) / measured[month]
        for month in sorted(measured)
        if measured[month]
    ]


@dataclass(frozen=True, slots=True)
class Contracts:
    """How many wait for signatures, are active, end within 60 days, and when the first of them does."""

    signing: int = 0
    active: int = 0
    ending: int = 0
    first_end: date | None = None


def contracts(actor: Actor, *, today: date, days: int = 60) -> Contracts:
    """One statement."""
    active = Q(state=Contract.State.ACTIVE)
    ending = active & Q(until__gt=today, until__lte=today + timedelta(days=days))
    return Contracts(
        **Contract.objects.visible_to(actor).aggregate(
            signing=Count("id", filter=Q(state=Contract.State.SUBMITTED)),
            active=Count("id", filter=active),
            ending=Count("id", filter=ending),
            first_end=Min("until", filter=ending),
        )
    )
