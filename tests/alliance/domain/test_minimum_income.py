"""The minimum income of a period. Source: rules.md, minimum-income."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.domain.minimum_income import MinimumIncomeRequest, top_ups
from kernel.money import cents
from simulations.operations.simulate import answer, answer_all

incomes = st.decimals(-(10**6), 10**6, places=2)
guarantees = st.decimals(0, 10**6, places=2)


def test_a_surplus_is_carried_until_it_is_used() -> None:
    case = {"guaranteed": "10000", "cumulative": True, "earned": ["15000", "8000", "8000", "0"]}
    assert answer("minimum-income", case) == {
        "top_ups": ["0.00", "0.00", "0.00", "9000.00"],
        "carried": ["5000", "3000", "1000", "0"],
    }


def test_without_carrying_each_period_stands_alone() -> None:
    case = {"guaranteed": "10000", "earned": ["12000", "5000"]}
    assert answer("minimum-income", case)["top_ups"] == ["0.00", "5000.00"]
    assert answer("minimum-income", {"guaranteed": "1", "earned": []})["top_ups"] == []


@given(guarantees, st.lists(incomes, max_size=12), st.booleans())
def test_a_period_is_never_both_met_and_owed(guaranteed: D, earned: list[D], cumulative: bool) -> None:
    request = MinimumIncomeRequest(guaranteed, tuple(earned), cumulative)
    found = top_ups(request)
    for one, income in zip(found.periods, earned, strict=True):
        have = income + one.carried_in
        assert (one.top_up > 0) is (have < guaranteed)
        assert not (one.top_up and one.carried_out)
        assert one.top_up >= 0
        assert one.carried_out >= 0
        assert have + one.top_up >= guaranteed
        if have < guaranteed:
            assert have + one.top_up == cents(guaranteed)
    assert top_ups(request) == found


@given(guarantees, st.lists(incomes, max_size=12))
def test_carrying_never_owes_more(guaranteed: D, earned: list[D]) -> None:
    alone = top_ups(MinimumIncomeRequest(guaranteed, tuple(earned)))
    carried = top_ups(MinimumIncomeRequest(guaranteed, tuple(earned), cumulative=True))
    assert all(with_it <= without for with_it, without in zip(carried.top_ups, alone.top_ups, strict=True))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"guaranteed": "-1"}, ("negative", "guaranteed")),
        ({"guaranteed": None}, ("missing", "guaranteed")),
        ({"earned": None}, ("missing", "earned")),
        ({"earned": ["1", "dear"]}, ("not_a_number", "earned[1]")),
        ({"cumulative": "yes"}, ("not_a_boolean", "cumulative")),
        ({"observed": "1"}, ("unknown_key", "observed")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("minimum-income", {"guaranteed": "1", "earned": ["1"]} | changed)
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
