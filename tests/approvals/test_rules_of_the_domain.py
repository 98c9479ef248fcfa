from decimal import Decimal

import pytest

from approvals.domain.rules import Rule, fingerprint


@pytest.mark.parametrize(
    ("rule", "amount", "needs"),
    [
        (Rule(), None, True),
        (Rule(), Decimal(0), True),
        (Rule(is_required=False), None, False),
        (Rule(is_required=False, above=Decimal(1)), Decimal(2), False),
        (Rule(above=Decimal(100)), Decimal(100), False),
        (Rule(above=Decimal(100)), Decimal("100.01"), True),
        (Rule(above=Decimal(100)), None, True),
    ],
)
def test_a_change_needs_a_second_person_by_the_rule_and_its_amount(rule, amount, needs):
    assert rule.needs(amount) is needs


def test_the_fingerprint_is_of_the_values_and_of_what_they_are_based_on():
    now = fingerprint({"limit": "5.00", "book": "b"}, {"limit": "1.00"})
    assert now == fingerprint({"book": "b", "limit": "5.00"}, {"limit": "1.00"})
    assert now != fingerprint({"limit": "6.00", "book": "b"}, {"limit": "1.00"})
    assert now != fingerprint({"limit": "5.00", "book": "b"}, {"limit": "2.00"})
