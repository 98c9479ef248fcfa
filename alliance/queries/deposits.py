"""Queries of the security deposits of contracts: due, received, open and to be returned.

The member pays the deposit of its contract to the dealer, its supplier, who holds it: in the account of
these two in the ledger. One account may secure several contracts; the oldest is secured first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from alliance.domain.deposits import DepositClaim, DepositSplit, split_deposit
from alliance.models import Contract
from alliance.models.ending import EndReason
from kernel.money import ZERO
from ledger.queries import HeldDeposit, deposits_held

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class ContractDeposit:
    """The security deposit of a contract. `to_return` is what the account holds after the contract ended."""

    agreed: Decimal = ZERO
    due: Decimal = ZERO
    received: Decimal = ZERO
    to_return: Decimal = ZERO
    book_id: UUID | None = None

    @property
    def open(self) -> Decimal:
        return self.due - self.received


def deposits_of(contracts: Sequence[Contract]) -> dict[UUID, ContractDeposit]:
    """Return the deposit of each contract. Two statements; none if no contract asks for one."""
    found = {one.id: ContractDeposit() for one in contracts}
    asking = [one for one in contracts if one.security_deposit]
    pairs = sorted({(one.dealer_id, one.member_id) for one in asking})
    if pairs:
        held = deposits_held(pairs)
        splits = _splits(pairs, held)
        for one in asking:
            found[one.id] = _deposit(one, splits, held.get((one.dealer_id, one.member_id)))
    return found


def _deposit(
    contract: Contract, splits: dict[Pair, DepositSplit], held: HeldDeposit | None
) -> ContractDeposit:
    split = splits[contract.dealer_id, contract.member_id]
    is_over = contract.state == Contract.State.ENDED and contract.end_reason != EndReason.REPLACED
    claims = str(contract.id) in split.received
    return ContractDeposit(
        agreed=contract.security_deposit,
        due=contract.security_deposit if claims else ZERO,
        received=split.received.get(str(contract.id), ZERO),
        to_return=min(split.surplus, contract.security_deposit) if is_over else ZERO,
        book_id=held.book_id if held else None,
    )


def _splits(pairs: Sequence[Pair], held: dict[Pair, HeldDeposit]) -> dict[Pair, DepositSplit]:
    """Return the division of what each pair's account holds among its contracts signed by all."""
    rows = (
        Contract.objects.filter(
            dealer__in=[dealer for dealer, _member in pairs],
            member__in=[member for _dealer, member in pairs],
            state=Contract.State.ACTIVE,
            security_deposit__gt=0,
        )
        .unreplaced()
        .values_list("dealer_id", "member_id", "id", "starts_on", "security_deposit")
    )
    claims: dict[Pair, list[DepositClaim]] = defaultdict(list)
    for dealer_id, member_id, contract_id, since, amount in rows:
        claims[dealer_id, member_id].append(DepositClaim(str(contract_id), since, amount))
    return {pair: split_deposit(claims[pair], held[pair].amount if pair in held else ZERO) for pair in pairs}
