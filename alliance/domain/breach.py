"""A breach: who owes which part of it, what of it is payable, and the state of a guarantee in a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO_MONEY, shares

MET, AT_RISK, BROKEN, NOT_MEASURED = "met", "at_risk", "broken", "not_measured"
UPHELD, PARTLY, DISMISSED = "upheld", "partly", "dismissed"
# A running month with fewer misses than this share of its measurements is at risk, not yet broken.
BROKEN_SHARE = Decimal("0.2")
ALL_BY_THE_DEALER = {"dealer": Decimal(1)}


def split(amount: Decimal, parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return what each side owes of an amount, by the agreed shares; the parts sum to the amount.

    Without agreed shares the dealer, who sells to the member, owes all of it.
    """
    agreed = {role: parts[role] for role in sorted(parts)} or ALL_BY_THE_DEALER
    return dict(zip(agreed, shares(amount, list(agreed.values())), strict=True))


def payable(amount: Decimal, decision: str, decided_amount: Decimal | None) -> Decimal:
    """Return what is to be paid of a decided breach; without a decision, all of it.

    A later measurement changes `amount`: an upheld breach follows it, a part never exceeds it.
    """
    if decision == DISMISSED:
        return ZERO_MONEY
    if decision == PARTLY and decided_amount is not None:
        return min(decided_amount, amount)
    return amount


@dataclass(frozen=True, slots=True)
class Standing:
    """How a guarantee stands in a month; `behind` counts targets of its windows that are not reached."""

    measured: int
    broken: int
    behind: int = 0
    is_running: bool = False

    @property
    def state(self) -> str:
        """Return met, at risk, broken or not measured: only a running month is at risk."""
        if self.broken and not (self.is_running and self.broken < self.measured * BROKEN_SHARE):
            return BROKEN
        if self.broken or (self.behind and self.is_running):
            return AT_RISK
        return MET if self.measured else NOT_MEASURED
