"""The minimum income that a spread guarantee promises for each period, and the top-up that it owes.

Source: rules.md, minimum-income. The income of a period is the sum of spread × units.
"""

from dataclasses import dataclass
from decimal import Decimal

from kernel.money import ZERO, cents, exact


@dataclass(frozen=True, slots=True)
class MinimumIncomeRequest:
    """The income guaranteed in each period, and what was earned in them, oldest first."""

    guaranteed: Decimal
    earned: tuple[Decimal, ...]
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class PeriodIncome:
    """The result of one period: the surplus of earlier ones, the top-up owed, and the surplus passed on."""

    carried_in: Decimal
    top_up: Decimal
    carried_out: Decimal


@dataclass(frozen=True, slots=True)
class MinimumIncome:
    """The result of each period, oldest first."""

    periods: tuple[PeriodIncome, ...]

    @property
    def top_ups(self) -> tuple[Decimal, ...]:
        return tuple([one.top_up for one in self.periods])


@exact
def top_up_of(
    guaranteed: Decimal, earned: Decimal, *, carried_in: Decimal = ZERO, cumulative: bool = False
) -> PeriodIncome:
    """Return what one period owes and passes on. A top-up is rounded once, and never carried."""
    have = earned + carried_in
    surplus = max(ZERO, have - guaranteed) if cumulative else ZERO
    return PeriodIncome(carried_in, cents(max(ZERO, guaranteed - have)), surplus)


def top_ups(request: MinimumIncomeRequest) -> MinimumIncome:
    """Return the result of every period; with `cumulative` a surplus counts in the later ones."""
    periods: list[PeriodIncome] = []
    carried = ZERO
    for earned in request.earned:
        period = top_up_of(request.guaranteed, earned, carried_in=carried, cumulative=request.cumulative)
        periods.append(period)
        carried = period.carried_out
    return MinimumIncome(tuple(periods))
