"""What an order uses of the seller's schemes, line by line, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from kernel.money import ZERO_MONEY, cents
from kernel.quantities import line_amount
from ordering.queries.orders import LineFacts, OrderFacts
from pricing.domain.quote import QuotedLine, SchemeOutcome
from pricing.domain.scheme_use import LineLeft, Use, UsePart, use_of
from pricing.operations.scheme_uses import NewUse, give_back
from pricing.queries import PricedOrder


def uses_of(priced: PricedOrder, lines: Sequence[LineFacts]) -> list[NewUse]:
    """Return what the lines of a new order use of each scheme that applied, in the order applied."""
    rows = {one.scheme.code: one for one in priced.schemes}
    return [
        NewUse(
            rows[outcome.code].id,
            outcome.code,
            rows[outcome.code].scheme.allowance is not None,
            _use(outcome, priced.quote.lines, lines),
        )
        for outcome in priced.quote.schemes
        if outcome.applied
    ]


def _use(outcome: SchemeOutcome, quoted: Sequence[QuotedLine], lines: Sequence[LineFacts]) -> Use:
    """Return the use of a scheme that applied. What a discount saves on each line is exact already."""
    parts = tuple(_parts(outcome, quoted, lines))
    if any(part.free for part in parts):
        return use_of(outcome.units, cents(outcome.worth), parts)
    return Use(outcome.units, sum((part.money for part in parts), ZERO_MONEY), parts)


def _parts(
    outcome: SchemeOutcome, quoted: Sequence[QuotedLine], lines: Sequence[LineFacts]
) -> Iterator[UsePart]:
    free = dict(outcome.free)
    for line, quote in zip(lines, quoted, strict=False):
        if line.sku in free:
            units = free[line.sku]
            yield UsePart(line.position, units, _worth(line, units), free=True)
        elif outcome.code in quote.schemes:
            yield UsePart(line.position, line.qty, quote.saved[quote.schemes.index(outcome.code)])
    for line in lines[len(quoted) :]:
        if line.why.get("gift") == outcome.code:
            yield UsePart(line.position, line.free_qty, _worth(line, line.free_qty), free=True)


def _worth(line: LineFacts, units: int) -> Decimal:
    return cents(line_amount(line.base_price, units, line.per))


def give_back_unused(order: OrderFacts, lines: Iterable[LineFacts]) -> None:
    """Give back what the lines, as they are after a cancellation or return, no longer use of schemes."""
    if order.facts.get("schemes"):
        give_back(order.id, {line.position: line_left(line) for line in lines})


def line_left(line: LineFacts) -> LineLeft:
    """Return the units of a line that are neither cancelled nor returned; charged free units are paid for."""
    returned = min(line.returned_qty, line.uncancelled_qty)
    return LineLeft(
        line.qty,
        line.free_qty,
        line.uncancelled_qty - returned,
        line.uncancelled_free - line.returned_free - line.charged_free,
    )
