"""The credit decision: what a buyer owes or will owe, and whether one more order fits its limit.

Source: rules.md, credit. Amounts are money. The exposure is negative when more was received than is
owed; the available amount may be negative, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import ZERO, exact
from kernel.periods import Period

OVER_LIMIT = "over_limit"
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A placed order that is not delivered yet, with the day on which its payment is due."""

    amount: Decimal
    due: date


@dataclass(frozen=True, slots=True)
class TemporaryLimit:
    """An amount that raises the credit limit during a period."""

    amount: Decimal
    period: Period


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """The facts of a credit decision.

    `amount` is the order to decide on; `deposit_received` is what was received towards it. Without
    `horizon_days` every open order counts; without `max_overdue_days` age never holds an order. Temporary
    limits that overlap add up.
    """

    limit: Decimal
    open_items: Decimal
    unapplied_receipts: Decimal
    delivered_not_invoiced: Decimal
    today: date
    amount: Decimal
    open_orders: tuple[OpenOrder, ...] = ()
    temporary: tuple[TemporaryLimit, ...] = ()
    deposit_received: Decimal = ZERO
    horizon_days: int | None = None
    oldest_overdue_days: int | None = None
    max_overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class CreditDecision:
    """The result of a credit decision.

    `limit` is the one applied, with the temporary ones of the day; `open_orders` is the amount of open orders
    in the exposure; `requested` is the order less its deposit.
    """

    limit: Decimal
    exposure: Decimal
    available: Decimal
    reasons: tuple[str, ...]
    open_orders: Decimal
    requested: Decimal

    @property
    def decision(self) -> str:
        return "hold" if self.reasons else "pass"


@exact
def decide(request: CreditRequest) -> CreditDecision:
    """Decide whether an order passes. Decide again at every step that raises the exposure."""
    due = due_within(request.open_orders, request.today, request.horizon_days)
    exposure = request.open_items - request.unapplied_receipts + request.delivered_not_invoiced + due
    limit = request.limit + sum(
        (extra.amount for extra in request.temporary if extra.period.active_on(request.today)), ZERO
    )
    available = limit - exposure
    requested = max(request.amount - request.deposit_received, ZERO)
    reasons = []
    if requested > available:
        reasons.append(OVER_LIMIT)
    if is_overdue(request.oldest_overdue_days, request.max_overdue_days):
        reasons.append(OVERDUE)
    return CreditDecision(limit, exposure, available, tuple(reasons), due, requested)


@exact
def due_within(open_orders: Iterable[OpenOrder], today: date, horizon_days: int | None) -> Decimal:
    """Return the amount of the open orders due by today + `horizon_days`; without a horizon, of all."""
    return sum(
        (
            order.amount
            for order in open_orders
            if horizon_days is None or (order.due - today).days <= horizon_days
        ),
        ZERO,
    )


def is_overdue(oldest_days: int | None, max_days: int | None) -> bool:
    """Return whether the oldest item is overdue by more than `max_days`. At exactly `max_days` it is not."""
    return oldest_days is not None and max_days is not None and oldest_days > max_days
