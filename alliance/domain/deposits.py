"""How much of the security deposits that contracts ask for has been received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DepositClaim:
    """The deposit that a contract in force claims, from its first day on. `key` names the contract."""

    key: str
    since: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DepositSplit:
    """What each claim has received of the money held, and what is held beyond all claims."""

    received: dict[str, Decimal]
    surplus: Decimal


def split_deposit(claims: Iterable[DepositClaim], held: Decimal) -> DepositSplit:
    """Divide the deposit that two parties' account holds among the contracts between them, oldest first.

    What is received for all claims and the surplus sum to what is held; nothing is received beyond a claim.
    """
    left, received = max(held, ZERO), dict[str, Decimal]()
    for claim in sorted(claims, key=lambda one: (one.since, one.key)):
        received[claim.key] = min(claim.amount, left)
        left -= received[claim.key]
    return DepositSplit(received, left)
