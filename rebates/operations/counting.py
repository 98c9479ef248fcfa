"""What counts: the facts of a period grouped by buyer, once for all programs that share it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from dealers.models import Party
from kernel.periods import Period
from rebates.models import Program, ProgramProduct, Settlement
from rebates.queries.audience import audience_of
from tenancy.context import active_tenant_id
from tenancy.models import Job

MEASURES = {
    Program.Measure.AMOUNT: "f.delivered_net - f.returned_net",
    Program.Measure.QUANTITY: "f.delivered_qty - f.returned_qty",
}


def count_bases(job: Job, settlements: Sequence[Settlement]) -> int:
    """Writes the job's tally (see models.Tally) and answers how many parties are in it.

    The settlements share their seller and period. Who has an earlier statement of a program is
    in it too, with a base of 0, so that a changed rule is trued up.
    """
    period = Period(settlements[0].starts_on, settlements[0].until)
    programs = [settlement.program for settlement in settlements]
    sums, columns = _sums(programs)
    tenant_id = active_tenant_id()
    params: list[Any] = []
    bases = []
    for program, column in zip(programs, columns, strict=True):
        members, member_params = _members(program, period)
        base = f"coalesce(s.s{column}, 0)::numeric(18, 2)"
        bases.append(f"CASE WHEN p.party_id IN ({members}) THEN {base} END" if members else base)
        params += member_params
    sql = (
        "WITH sums AS MATERIALIZED ("
        f" SELECT f.buyer_id, {', '.join(text for text, _ in sums)} FROM ordering_tradefact f"
        " WHERE f.tenant_id = %s AND f.seller_id = %s AND f.day >= %s AND f.day < %s GROUP BY f.buyer_id"
        "), parties AS ("
        " SELECT buyer_id AS party_id FROM sums UNION"
        " SELECT e.party_id FROM rebates_statement e JOIN rebates_settlement t"
        " ON t.tenant_id = e.tenant_id AND t.id = e.settlement_id"
        " WHERE e.tenant_id = %s AND t.program_id = ANY(%s::uuid[])"
        "), tally AS ("
        f" SELECT p.party_id, ARRAY[{', '.join(bases)}] AS bases"
        " FROM parties p LEFT JOIN sums s ON s.buyer_id = p.party_id"
        ") INSERT INTO rebates_tally (id, tenant_id, job_id, party_id, bases)"
        " SELECT gen_random_uuid(), %s, %s, party_id, bases FROM tally"
        " WHERE array_remove(bases, NULL) <> '{}'"
    )
    cumulative = [str(program.id) for program in programs if not program.starts_anew]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(
            sql,
            [param for _, some in sums for param in some]
            + [tenant_id, programs[0].seller_id, period.from_, period.until, tenant_id, cumulative]
            + [*params, tenant_id, job.id],
        )
        return cursor.rowcount


def _sums(programs: Sequence[Program]) -> tuple[list[tuple[str, list[Any]]], list[int]]:
    """The sums to take, each once, and which of them each program counts."""
    products: dict[Any, list[str]] = {program.id: [] for program in programs}
    rows = ProgramProduct.objects.filter(program__in=list(products)).order_by("product_id")
    for program_id, product_id in rows.values_list("program_id", "product_id"):
        products[program_id].append(str(product_id))
    wanted: dict[tuple[str, tuple[str, ...]], int] = {}
    columns = [
        wanted.setdefault((program.measure, tuple(products[program.id])), len(wanted)) for program in programs
    ]
    sums = []
    for (measure, only), number in wanted.items():
        condition = " FILTER (WHERE f.product_id = ANY(%s::uuid[]))" if only else ""
        text = f"sum({MEASURES[Program.Measure(measure)]}){condition} AS s{number}"
        sums.append((text, [list(only)] if only else []))
    return sums, columns


def _members(program: Program, period: Period) -> tuple[str, list[Any]]:
    """The audience as a sub-query; empty for everyone."""
    if program.audience_kind == "everyone":
        return "", []
    query = Party.objects.filter(audience_of(program, period)).values("id").query
    sql, params = query.sql_with_params()
    return str(sql), list(params)
