"""Parts of a breach, what of it is payable, and the state of a guarantee in a month."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.domain.breach import Standing, payable, split


def test_parts_sum_to_the_cent() -> None:
    thirds = {"member": D("0.3334"), "dealer": D("0.3333"), "manufacturer": D("0.3333")}
    found = split(D("100.00"), thirds)
    assert sum(found.values()) == D("100.00")
    assert set(found.values()) == {D("33.33"), D("33.34")}
    assert list(found) == ["dealer", "manufacturer", "member"]


def test_without_agreed_shares_the_dealer_owes_all() -> None:
    assert split(D("12.50"), {}) == {"dealer": D("12.50")}


@given(st.decimals(0, 10**6, places=2), st.integers(0, 10000))
def test_no_cent_is_lost(amount: D, first: int) -> None:
    parts = {"dealer": D(first) / 10000, "manufacturer": D(10000 - first) / 10000}
    found = split(amount, parts)
    assert sum(found.values()) == amount
    assert all(part >= 0 for part in found.values())
    assert split(amount, parts) == found


@pytest.mark.parametrize(
    ("decision", "decided", "expected"),
    [
        ("", None, "40.00"),
        ("upheld", None, "40.00"),
        ("partly", D("15.00"), "15.00"),
        ("partly", D("55.00"), "40.00"),
        ("partly", None, "40.00"),
        ("dismissed", None, "0.00"),
    ],
)
def test_what_is_payable_follows_the_decision(decision: str, decided: D | None, expected: str) -> None:
    assert payable(D("40.00"), decision, decided) == D(expected)


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (Standing(0, 0), "not_measured"),
        (Standing(0, 0, behind=1), "not_measured"),
        (Standing(9, 0), "met"),
        (Standing(9, 1), "broken"),
        (Standing(9, 1, is_running=True), "at_risk"),
        (Standing(5, 1, is_running=True), "broken"),
        (Standing(9, 0, behind=1, is_running=True), "at_risk"),
        (Standing(0, 0, behind=1, is_running=True), "at_risk"),
        (Standing(9, 0, is_running=True), "met"),
    ],
)
def test_only_a_running_month_is_at_risk(standing: Standing, state: str) -> None:
    assert standing.state == state
