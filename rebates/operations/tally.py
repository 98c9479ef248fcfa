"""The tally of a settlement job: the facts grouped by buyer and period, once for all its programs.

The earlier periods of each program are counted again besides the period that is settled: deliveries
and returns that were recorded after their period was settled are carried into this settlement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dealers.models import Party
from jobs.models import Job
from kernel.periods import Period
from pricing.models import AudienceKind
from rebates.models import Program, ProgramProduct, Settlement
from rebates.queries.audience import audience_of
from tenancy.context import active_tenant_id

MEASURES = {
    Program.Measure.AMOUNT: "f.delivered_net - f.returned_net",
    Program.Measure.QUANTITY: "f.delivered_qty - f.returned_qty",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One base of the tally: the days of settlement `of`, for the job's settlement number `place`."""

    place: int
    of: Settlement

    @property
    def days(self) -> tuple[date, date]:
        return self.of.starts_on, self.of.until


def columns_of(settlements: Sequence[Settlement]) -> list[Column]:
    """Return the settlements' own periods in their order, then the earlier ones of each, oldest first.

    The result is the same in every step of a job: earlier periods were settled before its request.
    """
    own = [Column(place, one) for place, one in enumerate(settlements)]
    places = {one.program_id: place for place, one in enumerate(settlements)}
    starts = {one.program_id: one.starts_on for one in settlements}
    earlier = Settlement.objects.filter(program__in=list(places)).select_related("program")
    late = [
        Column(places[one.program_id], one)
        for one in earlier.order_by("starts_on", "id")
        if one.starts_on < starts[one.program_id] and not one.is_closing
    ]
    return own + sorted(late, key=lambda column: column.place)


def count_bases(job: Job, settlements: Sequence[Settlement]) -> int:
    """Write the job's tally (see models.Tally) and return the number of its parties.

    The settlements share their seller and period. A party that traded only in an earlier period is
    included with a base of 0, so that a changed rule is trued up. The current audiences are stored.
    """
    _store_audiences(settlements)
    columns = columns_of(settlements)
    counting = [column for column in columns if not column.of.is_closing]
    sums, numbers = _sums(counting)
    bounds = sorted({day for column in counting for day in column.days})
    part = "width_bucket(f.day, %s::date[])" if len(bounds) > 2 else "1"
    tenant_id = active_tenant_id()
    bases: list[str] = []
    params: list[Any] = []
    for column in columns:
        if column.of.is_closing:
            bases.append("NULL")
            continue
        parts = [str(i) for i, day in enumerate(bounds, 1) if column.days[0] <= day < column.days[1]]
        only = f" FILTER (WHERE part IN ({', '.join(parts)}))" if part != "1" else ""
        base = f"coalesce(sum(s{numbers[column]}){only}, 0)::numeric(18, 2)"
        if _is_for_all(column.of):
            bases.append(base)
        else:
            bases.append(
                "CASE WHEN buyer_id IN (SELECT unnest(party_ids) FROM rebates_audience"
                f" WHERE tenant_id = %s AND settlement_id = %s) THEN {base} END"
            )
            params += [tenant_id, column.of.id]
    sql = (
        "WITH parts AS MATERIALIZED ("
        f" SELECT f.buyer_id, {part} AS part, {', '.join(text for text, _ in sums)}"
        " FROM ordering_tradefact f"
        " WHERE f.tenant_id = %s AND f.seller_id = %s AND f.day >= %s AND f.day < %s GROUP BY 1, 2"
        "), tally AS ("
        f" SELECT buyer_id, ARRAY[{', '.join(bases)}]::numeric(18, 2)[] AS bases FROM parts GROUP BY buyer_id"
        ") INSERT INTO rebates_tally (id, tenant_id, job_id, party_id, bases)"
        " SELECT gen_random_uuid(), %s, %s, buyer_id, bases FROM tally"
        " WHERE array_remove(bases, NULL) <> '{}'"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            sql,
            ([bounds] if part != "1" else [])
            + [param for _, some in sums for param in some]
            + [tenant_id, settlements[0].program.seller_id, bounds[0], bounds[-1]]
            + [*params, tenant_id, job.id],
        )
        return cursor.rowcount


def _is_for_all(settlement: Settlement) -> bool:
    return bool(settlement.terms["audience_kind"] == AudienceKind.EVERYONE)


def _store_audiences(settlements: Sequence[Settlement]) -> None:
    for one in settlements:
        if _is_for_all(one) or one.is_closing:
            continue
        chosen = Party.objects.filter(audience_of(one.program, Period(one.starts_on, one.until)))
        sql, params = chosen.values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO rebates_audience (id, tenant_id, settlement_id, party_ids)"
                f" SELECT gen_random_uuid(), %s, %s, ARRAY({sql})"
                " ON CONFLICT (tenant_id, settlement_id) DO NOTHING",
                [active_tenant_id(), one.id, *params],
            )


def _sums(columns: Sequence[Column]) -> tuple[list[tuple[str, list[Any]]], dict[Column, int]]:
    """Return the distinct sums as (SQL, parameters), and the number of its sum for each column."""
    products: dict[Any, list[str]] = {column.of.program_id: [] for column in columns}
    rows = ProgramProduct.objects.filter(program__in=list(products)).order_by("product_id")
    for program_id, product_id in rows.values_list("program_id", "product_id"):
        products[program_id].append(str(product_id))
    wanted: dict[tuple[str, tuple[str, ...]], int] = {}
    numbers = {
        column: wanted.setdefault(
            (column.of.terms["measure"], tuple(products[column.of.program_id])), len(wanted)
        )
        for column in columns
    }
    sums = []
    for (measure, only), number in wanted.items():
        condition = " FILTER (WHERE f.product_id = ANY(%s::uuid[]))" if only else ""
        text = f"sum({MEASURES[Program.Measure(measure)]}){condition} AS s{number}"
        sums.append((text, [list(only)] if only else []))
    return sums, numbers
