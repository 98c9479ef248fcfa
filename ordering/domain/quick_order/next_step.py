"""How far a draft is from the next step of a scheme, and what would reach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.domain.sendable_lines import with_winning_prices
from pricing.domain.quote import Quote, QuoteRequest, SchemeOutcome, scheme_outcomes
from pricing.domain.schemes import Step, StepScheme

MAX_ADDED_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class NextStep:
    """`measured` and the steps are money or base units; `adds` of the row's unit reach the next step.

    `saves` is what the scheme saves now, `would_save` what it would save at the next step.
    """

    scheme: StepScheme
    measured: Decimal
    reached: Step | None
    next: Step
    row: SheetRow
    adds: int
    saves: Decimal
    would_save: Decimal

    @property
    def missing(self) -> Decimal:
        return self.next.from_ - self.measured


def next_step(request: QuoteRequest, found: Quote, rows: Sequence[SheetRow]) -> NextStep | None:
    """Return the step that is nearest, in proportion, among the schemes that can still reach one.

    `found` is the quote of `request`, and `rows` are its lines.
    """
    schemes = {s.code: s for s in request.schemes if isinstance(s, StepScheme)}
    near = [
        (_share_missing(outcome), outcome.code, outcome)
        for outcome in found.schemes
        if outcome.code in schemes
        and outcome.reason in {"applied", "below_first_step"}
        and outcome.progress is not None
        and outcome.progress.next is not None
        and outcome.progress.measured > 0
    ]
    if not near:
        return None
    _share, code, outcome = min(near, key=lambda one: one[:2])
    return _step(schemes[code], outcome, request, found, rows)


def _share_missing(outcome: SchemeOutcome) -> Decimal:
    progress = outcome.progress
    if progress is None or progress.next is None:
        return Decimal(1)
    return 1 - progress.measured / progress.next


def _step(
    scheme: StepScheme, outcome: SchemeOutcome, request: QuoteRequest, found: Quote, rows: Sequence[SheetRow]
) -> NextStep | None:
    measured = outcome.progress.measured if outcome.progress else Decimal(0)
    following = scheme.next_after(measured)
    covered = [
        row
        for row in rows
        if row.quoted.manual is None and (scheme.skus is None or row.product.sku in scheme.skus)
    ]
    if following is None or not covered:
        return None
    row = max(covered, key=lambda one: (one.quoted.amount, -one.position))
    again = with_winning_prices(request, found.lines, {row.product.sku})
    adds, would_save = _addition(scheme, row, following, following.from_ - measured, again)
    saves = outcome.worth if outcome.applied else Decimal(0)
    return NextStep(scheme, measured, scheme.reached(measured), following, row, adds, saves, would_save)


def _addition(
    scheme: StepScheme, row: SheetRow, target: Step, missing: Decimal, request: QuoteRequest
) -> tuple[int, Decimal]:
    """Return how many more of the row's unit reach the target, and what it saves then; 0 for none."""
    factor = row.factor
    each = Decimal(factor) if scheme.by_quantity else row.quoted.amount * factor / row.quoted.qty
    adds = int((missing / each).to_integral_value(ROUND_CEILING)) if each > 0 else MAX_ADDED_UNITS
    for more in (adds, adds + 1):
        if more >= MAX_ADDED_UNITS:
            break
        outcome = _outcome_with(scheme, row, more * factor, request)
        if outcome is None or not outcome.applied or outcome.progress is None:
            continue
        if (outcome.progress.reached or 0) >= target.from_:
            return more, outcome.worth
    return 0, Decimal(0)


def _outcome_with(
    scheme: StepScheme, row: SheetRow, units: int, request: QuoteRequest
) -> SchemeOutcome | None:
    sku = row.product.sku
    lines = [replace(line, qty=line.qty + units) if line.sku == sku else line for line in request.lines]
    outcomes = scheme_outcomes(replace(request, lines=lines))
    return next((one for one in outcomes if one.code == scheme.code), None)
