"""The rebates that a draft order would add in the current period of each program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.money import ZERO, taxed
from ordering.queries.quick_order.sheet import Sheet
from rebates.domain.tiers import earned, rate_at
from rebates.models import Program, ProgramProduct
from rebates.queries.current_period import bases_of


@dataclass(frozen=True, slots=True)
class Projected:
    """A program's rebate in the current period: the amount earned, and what this order would add."""

    name: str
    so_far: Decimal
    adds: Decimal
    rate: Decimal
    measure: str


def projected(sheet: Sheet, *, seller_id: UUID, buyer_id: UUID, on: date) -> list[Projected]:
    """Return the projection of each active program for this seller and buyer. Three SQL statements."""
    if sheet.priced is None or sheet.terms is None:
        return []
    audiences = set(sheet.priced.buyer.audiences())
    programs = [
        one
        for one in Program.objects.filter(
            seller=seller_id, state=Program.State.ACTIVE, starts_on__lte=on, until__gt=on
        ).order_by("code")
        if (one.audience_kind, one.audience_value) in audiences
    ]
    if not programs:
        return []
    only: dict[UUID, set[UUID]] = {}
    pairs = ProgramProduct.objects.filter(program__in=programs).values_list("program_id", "product_id")
    for program_id, product_id in pairs:
        only.setdefault(program_id, set()).add(product_id)
    bases = bases_of(programs, seller_id, buyer_id, on)
    return [
        _one(program, sheet, only.get(program.id), bases.get(program.id, (ZERO, ZERO)))
        for program in programs
    ]


def _one(program: Program, sheet: Sheet, only: set[UUID] | None, base: tuple[Decimal, Decimal]) -> Projected:
    rule = program.rule()
    by_amount = program.measure == Program.Measure.AMOUNT
    before = base[0] if by_amount else base[1]
    more = ZERO
    assert sheet.priced is not None
    for row in sheet.good:
        if only is not None and row.product.id not in only:
            continue
        rate = sheet.priced.products[row.product.sku].tax_rate
        split = taxed(row.quoted.amount, rate, tax_in_price=row.quoted.tax_included)
        more += split.net if by_amount else row.units
    so_far = earned(rule, before)
    after = before + more
    return Projected(
        program.name, so_far, earned(rule, after) - so_far, rate_at(rule, after), program.measure
    )
