from datetime import date
from decimal import Decimal

from alliance.domain.deposits import DepositClaim, split_deposit

OLD = DepositClaim("old", date(2025, 1, 1), Decimal(5000))
NEW = DepositClaim("new", date(2026, 1, 1), Decimal(3000))


def test_the_oldest_contract_is_secured_first():
    split = split_deposit([NEW, OLD], Decimal(6000))
    assert split.received == {"old": Decimal(5000), "new": Decimal(1000)}
    assert split.surplus == 0


def test_what_is_held_beyond_all_claims_is_a_surplus():
    split = split_deposit([OLD], Decimal(6000))
    assert (split.received, split.surplus) == ({"old": Decimal(5000)}, Decimal(1000))


def test_nothing_held_secures_nothing():
    split = split_deposit([OLD], Decimal(0))
    assert (split.received, split.surplus) == ({"old": Decimal(0)}, 0)
    assert split_deposit([], Decimal(-1)).surplus == 0
