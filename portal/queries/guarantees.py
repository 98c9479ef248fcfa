"""The fulfilment of guarantees and the state of contracts, for the homes of all roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, DateField, Exists, Func, Max, Min, OuterRef, Q, Subquery, Sum

from accounts.rights import MANUFACTURER, MEMBER, Actor
from alliance.models import Contract, GuaranteeMonth, GuaranteeTotal
from alliance.models.contract import later_in_force
from alliance.models.guarantee import GuaranteeKind
from alliance.queries import BROKEN, MEASURED
from portal.queries.combined_query import Row, RowQuery, totals
from portal.queries.home_components import GuaranteeRow, Guarantees
from portal.queries.visibility import has_territories, in_sight
from ui.web.components import sparkline

GUARANTEE_ICONS = {
    "region": "map-pin",
    "term": "hourglass",
    "spread": "arrows-vertical",
    "service": "truck-delivery",
}
SPARK_MONTHS = 6


class Figures(NamedTuple):
    """One guarantee in one month: contracts measured and broken, their measurements and those not met."""

    measured: int = 0
    broken: int = 0
    measurements: int = 0
    not_met: int = 0
    owed: Decimal = Decimal(0)


class _MonthsBefore(Func):
    """The month that is SPARK_MONTHS - 1 months before another one."""

    template = f"(%(expressions)s - interval '{SPARK_MONTHS - 1} months')::date"
    output_field = DateField()


def fulfilment(actor: Actor) -> RowQuery:
    """Query (kind, month, contracts measured, contracts broken, measurements, those not met, owed).

    They are of the contracts that are visible to the actor, in the last measured month and the five before.
    """
    if actor.party_kind == MANUFACTURER and not has_territories(actor):
        rows: Any = GuaranteeTotal.objects.all()
        contracts: tuple[Aggregate, Aggregate] = (Sum("contracts"), Sum("contracts_broken"))
        since = rows.order_by("-month").values(since=_MonthsBefore("month"))[:1]
    else:
        own = GuaranteeMonth.objects.filter(contract_id=OuterRef("id")).order_by("-month").values("month")
        each = _contracts(actor).annotate(last=Subquery(own[:1]))
        since = totals(each, since=_MonthsBefore(Max("last")))
        rows = GuaranteeMonth.objects.filter(contract__in=_contracts(actor))
        contracts = (Count("id", filter=MEASURED), Count("id", filter=BROKEN))
    if not actor.may("contract.view"):
        rows = rows.none()
    found: RowQuery = rows.filter(month__gte=Subquery(since)).order_by("month").values_list("kind", "month")
    return found.annotate(
        contracts_measured=contracts[0],
        contracts_missed=contracts[1],
        measurements=Sum("measured"),
        not_met=Sum("broken"),
        all_owed=Sum("owed"),
    )


def _contracts(actor: Actor) -> Any:
    if has_territories(actor) and actor.may("contract.view"):
        return in_sight(Contract.objects.all(), "member", actor, kind=MEMBER)
    return Contract.objects.visible_to(actor)


def guarantees(rows: Iterable[Row]) -> Guarantees:
    """Return the rows of `fulfilment` as the homes display them."""
    found: dict[str, dict[date, Figures]] = defaultdict(dict)
    for kind, month, *figures in rows:
        found[kind][month] = Figures(*figures)
    if not found:
        return Guarantees()
    last = max(month for months in found.values() for month in months)
    table = [
        GuaranteeRow(
            str(kind.label),
            GUARANTEE_ICONS[kind.value],
            kind.value,
            *found[kind.value].get(last, Figures()),
            spark=sparkline([one.broken for one in found[kind.value].values() if one.measured]),
        )
        for kind in GuaranteeKind
    ]
    return Guarantees(month=last, rows=table, shares=_shares(found))


def _shares(found: dict[str, dict[date, Figures]]) -> list[Decimal]:
    """Return the percentage kept in each measured month, oldest first."""
    measured: dict[date, int] = defaultdict(int)
    broken: dict[date, int] = defaultdict(int)
    for months in found.values():
        for month, figures in months.items():
            measured[month] += figures.measured
            broken[month] += figures.broken
    return [
        Decimal(100) * (measured[month] - broken[month]) / measured[month]
        for month in sorted(measured)
        if measured[month]
    ]


@dataclass(frozen=True, slots=True)
class Contracts:
    """The number of contracts that wait for signatures and that end within 60 days, and the first end."""

    signing: int = 0
    ending: int = 0
    first_end: date | None = None

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Contracts:
        return cls(*next(iter(rows), ()))


def waiting(actor: Actor, *, today: date, days: int = 60) -> RowQuery:
    """Query the figures of `Contracts` for the contracts that are visible to the actor.

    A contract that a next version follows does not count as ending.
    """
    signing = Q(state=Contract.State.SUBMITTED)
    ending = Q(state=Contract.State.ACTIVE, until__gt=today, until__lte=today + timedelta(days=days))
    return totals(
        _contracts(actor).filter(signing | (ending & ~Q(Exists(later_in_force())))),
        signing=Count("id", filter=signing),
        ending=Count("id", filter=ending),
        first_end=Min("until", filter=ending),
    )
