"""Credit: what a party owes or will owe, and whether one more order fits. Source: rules.md, credit.

Amounts are money. Exposure may be negative (more received than owed), as may what is available.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import ZERO, exact

OVER_LIMIT = "over_limit"
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A placed order that is not delivered yet, and the day its payment is due."""

    amount: Decimal
    due: date


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """`horizon_days` None counts every open order; `max_overdue_days` None holds none for age.

    `amount` is the order asked about, `deposit_received` what has been received towards it.
    """

    limit: Decimal
    open_items: Decimal
    unapplied_receipts: Decimal
    delivered_not_invoiced: Decimal
    today: date
    amount: Decimal
    open_orders: tuple[OpenOrder, ...] = ()
    deposit_received: Decimal = ZERO
    horizon_days: int | None = None
    oldest_overdue_days: int | None = None
    max_overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class CreditDecision:
    """`open_orders` is what they add to the exposure, `asked` the order less its deposit."""

    exposure: Decimal
    available: Decimal
    reasons: tuple[str, ...]
    open_orders: Decimal
    asked: Decimal

    @property
    def decision(self) -> str:
        return "hold" if self.reasons else "pass"


@exact
def decide(request: CreditRequest) -> CreditDecision:
    """Whether the order passes. Asked again at every step that raises the exposure."""
    due = due_within(request.open_orders, request.today, request.horizon_days)
    exposure = request.open_items - request.unapplied_receipts + request.delivered_not_invoiced + due
    available = request.limit - exposure
    asked = max(request.amount - request.deposit_received, ZERO)
    reasons = []
    if asked > available:
        reasons.append(OVER_LIMIT)
    if is_overdue(request.oldest_overdue_days, request.max_overdue_days):
        reasons.append(OVERDUE)
    return CreditDecision(exposure, available, tuple(reasons), due, asked)


@exact
def due_within(open_orders: Iterable[OpenOrder], today: date, horizon_days: int | None) -> Decimal:
    """The open orders due no later than today + horizon; all of them without a horizon."""
    return sum(
        (
            order.amount
            for order in open_orders
            if horizon_days is None or (order.due - today).days <= horizon_days
        ),
        ZERO,
    )


def is_overdue(oldest_days: int | None, most_days: int | None) -> bool:
    """Strictly beyond the maximum: on the last day allowed the order still passes."""
    return oldest_days is not None and most_days is not None and oldest_days > most_days
