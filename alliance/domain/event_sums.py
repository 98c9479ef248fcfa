"""What events of a guarantee owe: a sum for each, at most the cap of the month.

Source: the contract. Region, term and service guarantees owe a sum for each event, with a
monthly cap. The measurement uses the same function, so that the parts of a month add up to its cap.
"""

from __future__ import annotations

from decimal import Decimal

from kernel.money import ZERO_MONEY, cents, exact


@exact
def owed_for_event(sum_of_event: Decimal, *, cap: Decimal | None, owed_before: Decimal) -> Decimal:
    """Return what one more event of a month owes.

    `owed_before` is what the earlier events of the month owe; without a `cap` each event owes its sum.
    """
    amount = cents(sum_of_event)
    if cap is None:
        return amount
    return max(ZERO_MONEY, min(amount, cents(cap) - owed_before))


@exact
def owed_for_events(
    count: int, sum_of_event: Decimal, *, cap: Decimal | None, owed_before: Decimal = ZERO_MONEY
) -> list[Decimal]:
    """Return what each of `count` events of one month owes, in order."""
    found: list[Decimal] = []
    for _number in range(count):
        amount = owed_for_event(sum_of_event, cap=cap, owed_before=owed_before)
        found.append(amount)
        owed_before += amount
    return found
