"""Statements that read what the guarantees of a window promise, and the facts that they are measured by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from alliance.domain.service_windows import Span, window_of
from alliance.models.terms import Metric
from alliance.queries.category_incomes import category_incomes
from kernel.money import ZERO
from kernel.periods import months_after
from tenancy.context import active_tenant_id

MEASURED_BY_WINDOW = (
    Metric.MINIMUM_INCOME,
    Metric.VISITS,
    Metric.ANSWER_HOURS,
    Metric.REPLACEMENT_DAYS,
    Metric.MATERIAL,
    Metric.TRAINING,
)


@dataclass(frozen=True, slots=True)
class Version:
    """What one version of a contract promises for a window, while it is in force."""

    id: UUID
    term: Span
    clause: str
    target: Decimal
    owed_per_event: Decimal


@dataclass(frozen=True, slots=True)
class WindowTerms:
    """One guarantee of a contract in all of its versions, oldest first; the newest one sets the window."""

    code: str
    metric: str
    category_id: UUID | None
    window: str
    cumulative: bool
    has_spreads: bool
    versions: tuple[Version, ...]

    @property
    def first(self) -> date:
        return self.versions[0].term.start

    @property
    def until(self) -> date:
        return self.versions[-1].term.until


class ServiceCount(NamedTuple):
    """The reports of a window, the quantities that they sum to, and how many came too late."""

    reports: int = 0
    quantity: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Incomes by (code, category, month), and counts of service by (code, metric, category, month).

    Incomes of the category None are those of all products. `covered` holds the (code, category) for whose
    products the contract guarantees a spread.
    """

    incomes: dict[tuple[str, UUID | None, date], Decimal]
    counts: dict[tuple[str, str, UUID | None, date], ServiceCount]
    covered: Set[tuple[str, UUID]] = frozenset()

    def income(self, terms: WindowTerms, span: Span) -> Decimal:
        """Return Σ spread × units in a window."""
        key = (terms.code, terms.category_id)
        return sum((self.incomes.get((*key, month), ZERO) for month in _months(span)), ZERO)

    def has_income(self, terms: WindowTerms) -> bool:
        """Return whether an income can be measured: the contract guarantees spreads, of the category."""
        if terms.category_id is None:
            return terms.has_spreads
        return (terms.code, terms.category_id) in self.covered

    def service(self, terms: WindowTerms, span: Span) -> ServiceCount:
        key = (terms.code, terms.metric, terms.category_id)
        found = [self.counts.get((*key, month), ServiceCount()) for month in _months(span)]
        return ServiceCount(*(sum(column) for column in zip(*found, strict=True)))


class Recorded(NamedTuple):
    """What the evidence of a window and its corrections amount to so far."""

    contract_id: UUID
    owed: Decimal
    fulfilled: bool
    entries: int


def _months(span: Span) -> Iterable[date]:
    month = span.start.replace(day=1)
    while month < span.until:
        yield month
        month = months_after(month, 1)


def terms_of(*, month: date, contract_id: UUID | None = None) -> list[WindowTerms]:
    """Return the guarantees by window of the contracts in force in the year of a month.

    Those that carry a surplus are returned in all their versions.
    """
    year = window_of(month, "year")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.code, t.metric, t.category_id, t.window, t.cumulative, EXISTS (SELECT 1"
            "  FROM alliance_spreadterm s WHERE s.tenant_id = c.tenant_id AND s.contract_id = c.id),"
            " c.id, c.starts_on, c.until, t.clause, t.target, t.owed_per_event"
            " FROM alliance_guaranteeterm t JOIN alliance_contract c"
            "  ON c.tenant_id = t.tenant_id AND c.id = t.contract_id"
            " WHERE t.tenant_id = %(tenant)s AND t.metric = ANY(%(metrics)s::text[]) AND t.target IS NOT NULL"
            "  AND c.state IN ('active', 'ended')"
            "  AND (t.cumulative OR (c.starts_on < %(until)s AND c.until > %(since)s))"
            "  AND (%(contract)s::uuid IS NULL OR c.code = (SELECT one.code FROM alliance_contract one"
            "   WHERE one.tenant_id = %(tenant)s AND one.id = %(contract)s))"
            " ORDER BY c.code, c.version",
            {
                "tenant": active_tenant_id(),
                "metrics": [str(one) for one in MEASURED_BY_WINDOW],
                "since": year.start,
                "until": year.until,
                "contract": contract_id,
            },
        )
        rows = cursor.fetchall()
    found: dict[tuple[str, str, UUID | None], list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[:3], []).append(row[3:])
    return [
        WindowTerms(
            code=code,
            metric=metric,
            category_id=category_id,
            window=versions[-1][0],
            cumulative=versions[-1][1],
            has_spreads=versions[-1][2],
            versions=tuple(Version(one[3], Span(one[4], one[5]), *one[6:]) for one in versions),
        )
        for (code, metric, category_id), versions in found.items()
    ]


def facts_of(*, since: date, until: date, codes: Sequence[str], terms: Iterable[WindowTerms]) -> Facts:
    """Return the incomes and the reports of service of these contracts in [since, until)."""
    terms = list(terms)
    metrics = {one.metric for one in terms}
    values: dict[str, Any] = {
        "tenant": active_tenant_id(),
        "since": since.replace(day=1),
        "until": until,
        "codes": list(codes),
        "metrics": sorted(metrics),
    }
    incomes: dict[tuple[str, UUID | None, date], Decimal] = {}
    counts: dict[tuple[str, str, UUID | None, date], ServiceCount] = {}
    with connection.cursor() as cursor:
        if Metric.MINIMUM_INCOME in metrics:
            cursor.execute(
                "SELECT c.code, date_trunc('month', e.\"on\")::date,"
                " sum((e.facts ->> 'spread')::numeric * (e.facts ->> 'qty')::numeric)"
                " FROM alliance_evidence e JOIN alliance_contract c"
                "  ON c.tenant_id = e.tenant_id AND c.id = e.contract_id"
                " WHERE e.tenant_id = %(tenant)s AND e.kind = 'spread' AND e.facts ? 'qty'"
                '  AND e."on" >= %(since)s AND e."on" < %(until)s AND c.code = ANY(%(codes)s::text[])'
                " GROUP BY 1, 2",
                values,
            )
            incomes = {(code, None, month): income for code, month, income in cursor.fetchall()}
        if metrics - {Metric.MINIMUM_INCOME}:
            cursor.execute(
                "SELECT c.code, f.metric, t.category_id, date_trunc('month', f.\"on\")::date, count(*),"
                " sum(f.quantity), count(*) FILTER (WHERE f.took > t.target)"
                " FROM alliance_servicefact f JOIN alliance_contract c"
                "  ON c.tenant_id = f.tenant_id AND c.id = f.contract_id"
                " JOIN alliance_guaranteeterm t ON t.tenant_id = f.tenant_id"
                "  AND t.contract_id = f.contract_id AND t.metric = f.metric"
                ' WHERE f.tenant_id = %(tenant)s AND f."on" >= %(since)s AND f."on" < %(until)s'
                "  AND f.metric = ANY(%(metrics)s::text[]) AND c.code = ANY(%(codes)s::text[])"
                " GROUP BY 1, 2, 3, 4",
                values,
            )
            counts = {row[:4]: ServiceCount(*(int(one) for one in row[4:])) for row in cursor.fetchall()}
    wanted = {(one.code, one.category_id) for one in terms if one.metric == Metric.MINIMUM_INCOME}
    of_categories = {(code, category_id) for code, category_id in wanted if category_id is not None}
    by_category = category_incomes(since=since.replace(day=1), until=until, wanted=of_categories)
    return Facts(incomes | by_category.incomes, counts, by_category.covered)


def recorded(*, since: date, until: date, contract_id: UUID | None = None) -> dict[str, Recorded]:
    """Return what is recorded of the windows that end in [since, until), by the source of the first entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(e.facts ->> 'corrects', e.source), (array_agg(e.contract_id))[1], sum(e.owed),"
            " count(*) FILTER (WHERE NOT e.fulfilled)"
            "  - count(*) FILTER (WHERE e.facts ->> 'turned' = 'met') <= 0, count(*)"
            " FROM alliance_evidence e WHERE e.tenant_id = %(tenant)s AND e.facts ? 'window'"
            ' AND e."on" >= %(since)s AND e."on" < %(until)s'
            " AND (%(contract)s::uuid IS NULL OR e.contract_id IN (SELECT v.id FROM alliance_contract v"
            "  JOIN alliance_contract one ON one.tenant_id = v.tenant_id AND one.code = v.code"
            "  WHERE v.tenant_id = %(tenant)s AND one.id = %(contract)s))"
            " GROUP BY 1",
            {"tenant": active_tenant_id(), "since": since, "until": until, "contract": contract_id},
        )
        return {row[0]: Recorded(*row[1:]) for row in cursor.fetchall()}
