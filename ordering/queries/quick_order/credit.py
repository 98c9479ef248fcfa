"""The credit that a draft would leave, for a screen; nothing is locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.domain.credit import CreditDecision
from ledger.queries import Position, position_of
from ordering.queries.trade_terms import TradeTerms


@dataclass(frozen=True, slots=True)
class Credit:
    """The buyer's position and the decision on this order; both None where no credit is kept."""

    position: Position | None
    decision: CreditDecision | None

    @property
    def holds(self) -> bool:
        return self.decision is not None and self.decision.decision == "hold"


NO_CREDIT = Credit(None, None)


def credit_after(terms: TradeTerms, amount: Decimal, on: date) -> Credit:
    """Return the credit after an order of `amount`; two statements at most."""
    if terms.book_id is None:
        return NO_CREDIT
    current = position_of(terms.book_id)
    return Credit(current, current.decide_order(amount, today=on))
