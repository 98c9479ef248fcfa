"""How far a draft is from the next step of a scheme, and what would take it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from ordering.domain.sendable_lines import settled
from ordering.web.quick_rows import Row
from pricing.domain.quote import Line, Quote, QuoteRequest, SchemeOutcome, quote
from pricing.domain.schemes import Step, StepScheme

MAX_ADDED = 100_000


@dataclass(frozen=True, slots=True)
class NextStep:
    """`measured` and the steps in money or in base units; `adds` of `row`'s unit reach the next.

    `saves` is what the scheme saves now, `would_save` what it would then.
    """

    scheme: StepScheme
    measured: Decimal
    reached: Step | None
    next: Step
    row: Row
    adds: int
    saves: Decimal
    would_save: Decimal

    @property
    def missing(self) -> Decimal:
        return self.next.from_ - self.measured


def next_step_of(request: QuoteRequest, found: Quote, rows: Sequence[Row]) -> NextStep | None:
    """The step that is nearest, in proportion, among the schemes that are not out of the running."""
    schemes = {s.code: s for s in request.schemes if isinstance(s, StepScheme)}
    near = [
        one
        for one in found.schemes
        if one.code in schemes
        and one.reason in {"applied", "below_first_step"}
        and one.progress is not None
        and one.progress.next is not None
        and one.progress.measured > 0
    ]
    if not near:
        return None
    nearest = min(near, key=_way_left)
    return _step(schemes[nearest.code], nearest, request, found, rows)


def _way_left(one: SchemeOutcome) -> tuple[Decimal, str]:
    assert one.progress is not None
    assert one.progress.next is not None
    return (1 - one.progress.measured / one.progress.next), one.code


def _step(
    scheme: StepScheme, outcome: SchemeOutcome, request: QuoteRequest, found: Quote, rows: Sequence[Row]
) -> NextStep | None:
    assert outcome.progress is not None
    measured = outcome.progress.measured
    following = scheme.next_after(measured)
    covered = [row for row in rows if scheme.skus is None or row.product.sku in scheme.skus]
    if following is None or not covered:
        return None
    row = max(covered, key=lambda one: (one.quoted.amount, -one.position))
    again = settled(request, found.lines, {row.product.sku})
    adds, would_save = _needed(scheme, row, following, following.from_ - measured, again)
    saves = outcome.worth if outcome.applied else Decimal(0)
    return NextStep(scheme, measured, scheme.reached(measured), following, row, adds, saves, would_save)


def _needed(
    scheme: StepScheme, row: Row, target: Step, missing: Decimal, request: QuoteRequest
) -> tuple[int, Decimal]:
    """How many more of the row's unit reach the target, and what it saves then; 0 where none do."""
    factor = row.factor
    each = Decimal(factor) if scheme.by_quantity else row.quoted.amount * factor / row.quoted.qty
    adds = int((missing / each).to_integral_value(ROUND_CEILING)) if each > 0 else MAX_ADDED
    for more in (adds, adds + 1):
        if more >= MAX_ADDED:
            break
        outcome = _with_more(scheme, row, more * factor, request)
        progress = outcome.progress if outcome is not None and outcome.applied else None
        if outcome is not None and progress is not None and (progress.reached or 0) >= target.from_:
            return more, outcome.worth
    return 0, Decimal(0)


def _with_more(scheme: StepScheme, row: Row, units: int, request: QuoteRequest) -> SchemeOutcome | None:
    sku = row.product.sku
    lines = [Line(sku, line.qty + units) if line.sku == sku else line for line in request.lines]
    again = quote(replace(request, lines=lines))
    return next((one for one in again.schemes if one.code == scheme.code), None)
