from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import as_cents, cents, from_cents, share_cents, shares, taxed, unit_price
from kernel.quantities import line_amount

amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@pytest.mark.parametrize(
    ("given", "rounded"),
    [
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.0049999999999999999999999999999", "0.00"),
        ("-0.004", "0.00"),
        ("2.675", "2.68"),
        ("1", "1.00"),
        ("999999999999999999.995", "1000000000000000000.00"),
    ],
)
def test_money_is_rounded_half_away_from_zero(given: str, rounded: str) -> None:
    assert str(cents(D(given))) == rounded


@pytest.mark.parametrize(
    ("given", "rounded"),
    [("52.88888", "52.8889"), ("1.00005", "1.0001"), ("-1.00005", "-1.0001"), ("-0", "0.0000")],
)
def test_a_unit_price_has_four_places(given: str, rounded: str) -> None:
    assert str(unit_price(D(given))) == rounded


def test_an_amount_is_a_whole_number_of_cents() -> None:
    assert as_cents(D("12.305")) == 1231
    assert str(from_cents(1231)) == "12.31"
    assert str(from_cents(0)) == "0.00"
    assert str(from_cents(-5)) == "-0.05"


def test_fifty_cases_of_24_at_100_are_5000_in_bottles() -> None:
    assert str(line_amount(D("100"), 1200, 24)) == "5000.00"
    assert str(line_amount(D("100"), 1, 24)) == "4.17"
    assert str(line_amount(D("59.5"), 10)) == "595.00"
    assert str(line_amount(D("59.5"), 0)) == "0.00"
    assert str(line_amount(D("0.0625"), 2, 1)) == "0.13"


def test_a_line_amount_is_exact_for_huge_numbers() -> None:
    price, qty = D("123456789012345678.1234"), 10**17 + 1
    assert line_amount(price, qty) == D("12345678901234567935796789012345678.12")


def test_the_running_total_is_rounded_not_each_share() -> None:
    thirds = shares(D("1.00"), [D(1), D(1), D(1)])
    assert thirds == [D("0.33"), D("0.34"), D("0.33")]
    assert shares(D("50"), [D("416.5"), D("264.75")]) == [D("30.57"), D("19.43")]
    assert shares(D("0.01"), [D("0.5"), D("0.5")]) == [D("0.01"), D("0.00")]
    assert shares(D("1"), [D("0.5"), D("0.25"), D("1E-1")]) == [D("0.59"), D("0.29"), D("0.12")]
    assert shares(D("9"), [D("1E+2"), D("2E+2")]) == [D("3.00"), D("6.00")]


def test_a_negative_amount_is_shared_like_a_positive_one() -> None:
    assert shares(D("-1.00"), [D(1), D(1), D(1)]) == [D("-0.33"), D("-0.34"), D("-0.33")]


def test_nothing_is_shared_over_nobody() -> None:
    assert shares(D("0"), [D(0), D(0)]) == [D(0), D(0)]
    assert shares(D("0"), []) == []
    with pytest.raises(ValueError, match="all zero"):
        shares(D("1"), [D(0)])
    with pytest.raises(ValueError, match="negative"):
        shares(D("1"), [D(2), D(-1)])
    with pytest.raises(ValueError, match="no number"):
        shares(D("1"), [D("Infinity")])


@given(amounts, st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1))
def test_shares_sum_exactly_and_none_is_negative(amount: D, weights: list[D]) -> None:
    if not any(weights):
        amount = D(0)
    split = shares(amount, weights)
    assert sum(split, D(0)) == amount
    assert all(share >= 0 for share in split)
    assert all(share == 0 for share, weight in zip(split, weights, strict=True) if not weight)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_each_running_total_is_the_rounded_proportion(amount: int, weights: list[int]) -> None:
    so_far = weight_so_far = 0
    for share, weight in zip(share_cents(amount, weights), weights, strict=True):
        so_far, weight_so_far = so_far + share, weight_so_far + weight
        exact = D(amount) * weight_so_far / sum(weights)
        assert abs(so_far - exact) <= D("0.5") + D("1e-9")


def test_a_share_of_a_discount_no_larger_than_the_whole_never_exceeds_its_line() -> None:
    assert share_cents(100, [33, 33, 34]) == [33, 33, 34]


def test_tax_in_the_price_is_the_rest_of_the_net() -> None:
    split = taxed(D("113"), D("0.13"), tax_in_price=True)
    assert (split.net, split.tax, split.gross) == (D("100.00"), D("13.00"), D("113.00"))
    split = taxed(D("100"), D("0.13"), tax_in_price=True)
    assert (split.net, split.tax, split.gross) == (D("88.50"), D("11.50"), D("100.00"))


def test_tax_on_top_of_the_price_is_rounded() -> None:
    split = taxed(D("88.50"), D("0.13"), tax_in_price=False)
    assert (split.net, split.tax, split.gross) == (D("88.50"), D("11.51"), D("100.01"))


@given(amounts, st.decimals(min_value=0, max_value=1, places=4), st.booleans())
def test_net_and_tax_are_always_the_gross(amount: D, rate: D, tax_in_price: bool) -> None:
    split = taxed(amount, rate, tax_in_price=tax_in_price)
    assert split.net + split.tax == split.gross
    assert (split.gross if tax_in_price else split.net) == amount
    assert min(split.net, split.tax) >= 0
