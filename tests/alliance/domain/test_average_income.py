from datetime import date
from decimal import Decimal

from alliance.domain.average_income import average_income, full_months

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def test_only_full_months_of_the_contract_count():
    assert full_months(starts_on=date(2026, 1, 15), ended_on=date(2026, 4, 20)) == [FEB, MAR]
    assert full_months(starts_on=JAN, ended_on=date(2026, 4, 1)) == [JAN, FEB, MAR]
    assert full_months(starts_on=JAN, ended_on=date(2026, 1, 20)) == []


def test_at_most_the_last_twelve_months_count():
    months = full_months(starts_on=date(2020, 1, 1), ended_on=date(2026, 3, 9))
    assert (months[0], months[-1], len(months)) == (date(2025, 3, 1), FEB, 12)


def test_a_month_without_purchases_counts_as_zero():
    assert average_income({JAN: Decimal("100"), MAR: Decimal("0.01")}, [JAN, FEB, MAR]) == Decimal("33.34")


def test_without_a_full_month_nothing_is_owed():
    assert average_income({JAN: Decimal(100)}, []) == Decimal("0.00")
