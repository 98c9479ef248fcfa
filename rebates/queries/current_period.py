"""What a buyer has earned in the current, unsettled period of each program that covers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When

from dealers.models import Party
from kernel.money import ZERO
from kernel.periods import Period
from rebates.domain.tiers import Tier, earned, next_tier
from rebates.models import Program
from rebates.queries.audience import audience_of
from tenancy.context import active_tenant_id


@dataclass(frozen=True, slots=True)
class CurrentRebate:
    """A program's rebate so far: `base` counts the deliveries of `period` until today.

    `period` is that of the next settlement, or the program's term if its base is cumulative.
    """

    program: Program
    period: Period
    base: Decimal
    earned: Decimal
    next_tier: Tier | None


def current_rebates(*, buyer_id: UUID, on: date) -> list[CurrentRebate]:
    """Return the rebate so far of each active program of the buyer's supplier. Three SQL statements."""
    programs = list(
        Program.objects.filter(
            seller_id__in=Party.objects.filter(id=buyer_id).values("parent_id"),
            state=Program.State.ACTIVE,
            starts_on__lte=on,
            until__gt=on,
        ).order_by("code")
    )
    covered = _covering(programs, buyer_id, on)
    if not covered:
        return []
    bases = bases_of(covered, covered[0].seller_id, buyer_id, on)
    return [_rebate(program, *bases.get(program.id, (ZERO, ZERO)), on) for program in covered]


def _covering(programs: Sequence[Program], buyer_id: UUID, on: date) -> list[Program]:
    """Return the programs whose audience includes the buyer. One SQL statement."""
    if not programs:
        return []
    today = Period(on, on + timedelta(days=1))
    flags = {
        f"covered_{at}": Case(
            When(Q(id=buyer_id) & audience_of(program, today), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for at, program in enumerate(programs)
    }
    found = Party.objects.filter(id=buyer_id).annotate(**flags).values_list(*flags).get()
    return [program for program, is_covered in zip(programs, found, strict=True) if is_covered]


def _rebate(program: Program, net: Decimal, units: Decimal, on: date) -> CurrentRebate:
    base = net if program.measure == Program.Measure.AMOUNT else units
    rule = program.rule()
    return CurrentRebate(
        program, counted_period(program, on), base, earned(rule, base), next_tier(rule, base)
    )


def bases_of(
    programs: Sequence[Program], seller_id: UUID, buyer_id: UUID, on: date
) -> dict[UUID, tuple[Decimal, Decimal]]:
    """Return (net amount, units) counted so far, by program.

    They are of the program's term, or of its current period if each settlement starts anew.
    """
    periods = [counted_period(program, on) for program in programs]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, sum(f.delivered_net - f.returned_net), sum(f.delivered_qty - f.returned_qty)"
            " FROM unnest(%(ids)s::uuid[], %(froms)s::date[], %(untils)s::date[]) p(id, start, until)"
            " JOIN ordering_tradefact f ON f.tenant_id = %(tenant)s AND f.seller_id = %(seller)s"
            "  AND f.buyer_id = %(buyer)s AND f.day >= p.start AND f.day < p.until"
            " WHERE NOT EXISTS (SELECT FROM rebates_programproduct o"
            "   WHERE o.tenant_id = f.tenant_id AND o.program_id = p.id)"
            "  OR EXISTS (SELECT FROM rebates_programproduct o WHERE o.tenant_id = f.tenant_id"
            "   AND o.program_id = p.id AND o.product_id = f.product_id) GROUP BY p.id",
            {
                "tenant": active_tenant_id(),
                "seller": seller_id,
                "buyer": buyer_id,
                "ids": [str(one.id) for one in programs],
                "froms": [one.from_ for one in periods],
                "untils": [one.until for one in periods],
            },
        )
        return {program_id: (Decimal(net), Decimal(units)) for program_id, net, units in cursor.fetchall()}


def counted_period(program: Program, on: date) -> Period:
    """Return the period whose deliveries the base counts on a day: the term, or the one that starts anew."""
    if not program.starts_anew:
        return Period(program.starts_on, program.until)
    return next(one for one in program.periods() if one.active_on(on))
