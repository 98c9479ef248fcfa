"""Queries of guarantees over months: by member, dealer, region or month, and of the running month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from accounts.rights import Actor
from alliance.domain.breach import Standing
from alliance.domain.service_windows import Promise, Span, target_in, window_of
from alliance.models import Contract, GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from alliance.queries.window_facts import facts_of, terms_of
from dealers.models import Region
from kernel.periods import months_after
from tenancy.context import active_tenant_id

TREND_MONTHS = 12
MEMBER, DEALER, REGION, MONTH = "member", "dealer", "region", "month"
KEYS = {
    MEMBER: ("contract__member_id", "contract__member__name"),
    DEALER: ("contract__dealer_id", "contract__dealer__name"),
    REGION: ("contract__member__region_id", "contract__member__region_id"),
    MONTH: ("month", "month"),
}
DUE_SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """Guarantees of contracts in the months up to one: how many were measured, and how many were not met.

    `trend` is the percentage met in each measured month, oldest first; `kinds` are (measured, not met).
    """

    key: Any
    name: str
    measured: int
    broken: int
    owed: Decimal
    booked: Decimal
    kinds: dict[str, tuple[int, int]]
    trend: list[Decimal]

    @property
    def fulfilled(self) -> int:
        return self.measured - self.broken

    @property
    def share(self) -> Decimal | None:
        """Return the percentage of guarantees met, None if none was measured."""
        return Decimal(100) * self.fulfilled / self.measured if self.measured else None


def scorecard(
    actor: Actor, *, by: str, month: date, limit: int, offset: int = 0
) -> tuple[list[ScorecardRow], int]:
    """Return the rows of a scorecard, the most broken first, and their total number.

    A guarantee of a contract in a month counts once, as in the list of guarantees. `by` is MEMBER, DEALER,
    REGION or MONTH; the figures are of TREND_MONTHS months up to `month`. Three to four statements.
    """
    key, name = KEYS[by]
    since = months_after(month, 1 - TREND_MONTHS)
    rows = GuaranteeMonth.objects.visible_to(actor).filter(month__gte=since, month__lte=month).order_by()
    grouped = rows.values(row_key=F(key), row_name=F(name)).annotate(
        measured_guarantees=Count("id", filter=Q(measured__gt=0) | Q(broken__gt=0)),
        broken_guarantees=Count("id", filter=Q(broken__gt=0)),
        money=Sum("owed"),
        posted=Sum("booked"),
    )
    order = ("-row_key",) if by == MONTH else ("-broken_guarantees", "-money", "row_name", "row_key")
    total = grouped.count()
    page = list(grouped.order_by(*order)[offset : offset + limit])
    names = _region_names(page) if by == REGION else {}
    details = _details(rows, key, [one["row_key"] for one in page])
    return [_row(one, names, details.get(one["row_key"], [])) for one in page], total


def _region_names(page: Sequence[dict[str, Any]]) -> dict[Any, str]:
    codes = [one["row_key"] for one in page if one["row_key"]]
    return dict(Region.objects.filter(code__in=codes).values_list("code", "full_name"))


def _details(rows: QuerySet[Any], key: str, keys: Sequence[Any]) -> dict[Any, list[dict[str, Any]]]:
    """Return the counts of each row by month and kind."""
    wanted = Q(**{f"{key}__in": [one for one in keys if one is not None]})
    if None in keys:
        wanted |= Q(**{f"{key}__isnull": True})
    found: dict[Any, list[dict[str, Any]]] = {}
    counted = (
        rows.filter(wanted)
        .values("kind", row_key=F(key), of_month=F("month"))
        .annotate(
            measured_guarantees=Count("id", filter=Q(measured__gt=0) | Q(broken__gt=0)),
            broken_guarantees=Count("id", filter=Q(broken__gt=0)),
        )
    )
    for one in counted:
        found.setdefault(one["row_key"], []).append(one)
    return found


def _row(one: dict[str, Any], names: dict[Any, str], details: Sequence[dict[str, Any]]) -> ScorecardRow:
    kinds = {kind: [0, 0] for kind in GuaranteeKind.values}
    months: dict[date, list[int]] = {}
    for detail in details:
        for sums in (kinds[detail["kind"]], months.setdefault(detail["of_month"], [0, 0])):
            sums[0] += detail["measured_guarantees"]
            sums[1] += detail["broken_guarantees"]
    trend = [
        Decimal(100) * (measured - broken) / measured
        for _month, (measured, broken) in sorted(months.items())
        if measured
    ]
    return ScorecardRow(
        one["row_key"],
        names.get(one["row_key"]) or str(one["row_name"] or ""),
        one["measured_guarantees"],
        one["broken_guarantees"],
        one["money"],
        one["posted"],
        {kind: (measured, broken) for kind, (measured, broken) in kinds.items()},
        trend,
    )


@dataclass(frozen=True, slots=True)
class RunningGuarantee:
    """A guarantee of a contract in the running month, so far. `due` is the last day of a window behind."""

    contract_id: UUID
    kind: str
    standing: Standing
    owed: Decimal
    due: date | None = None


def running_guarantees(
    contracts: Sequence[Contract], *, today: date
) -> dict[tuple[UUID, str], RunningGuarantee]:
    """Return how the guarantees of these contracts stand in the running month, by contract and kind.

    A visit, training or supply that is missing in the last DUE_SOON_DAYS of its window puts it at risk.
    """
    if not contracts:
        return {}
    ids = [one.id for one in contracts]
    month = today.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contract_id, kind, count(*) FILTER (WHERE NOT facts ? 'corrects'),"
            " greatest(count(*) FILTER (WHERE NOT fulfilled)"
            "  - count(*) FILTER (WHERE facts ->> 'turned' = 'met'), 0), sum(owed)"
            " FROM alliance_evidence WHERE tenant_id = %s AND contract_id = ANY(%s::uuid[])"
            ' AND "on" >= %s AND "on" < %s GROUP BY 1, 2',
            [active_tenant_id(), ids, month, months_after(month, 1)],
        )
        sums = {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
    behind = _behind(contracts, today)
    found = {}
    for one in contracts:
        for kind in GuaranteeKind.values:
            measured, broken, owed = sums.get((one.id, kind), (0, 0, Decimal(0)))
            due = behind.get(one.code) if kind == GuaranteeKind.SERVICE else None
            standing = Standing(measured, broken, behind=int(due is not None), is_running=True)
            found[one.id, kind] = RunningGuarantee(one.id, kind, standing, owed, due)
    return found


def _behind(contracts: Sequence[Contract], today: date) -> dict[str, date]:
    """Return the last day of a window that ends soon without its visits, by contract code."""
    codes = sorted({one.code for one in contracts})
    contract_id = contracts[0].id if len(codes) == 1 else None
    due = {
        one: window_of(today, one.window).within(Span(one.first, one.until))
        for one in terms_of(month=today, contract_id=contract_id)
        if one.code in set(codes) and one.metric in ("visits", "material", "training")
    }
    due = {one: span for one, span in due.items() if span.days and (span.until - today).days <= DUE_SOON_DAYS}
    if not due:
        return {}
    since, until = min(one.start for one in due.values()), max(one.until for one in due.values())
    facts = facts_of(since=since, until=until, codes=codes, terms=due)
    found = {}
    for terms, span in due.items():
        promises = [Promise(one.term, one.target) for one in terms.versions]
        target = int(target_in(window_of(span.start, terms.window), promises))
        if facts.service(terms, span).quantity < target:
            found[terms.code] = span.until
    return found
