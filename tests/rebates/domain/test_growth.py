"""Rebates for growth. Source: rules.md, growth."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebates.domain.growth import Band, GrowthProgram, growth
from simulations.operations.simulate import answer, answer_all

BANDS = [{"from": "1.10", "rate": "0.02"}, {"from": "1.20", "rate": "0.04"}]


def case(**changed: Any) -> dict[str, Any]:
    return {"baseline": "1000", "actual": "1250", "mode": "full", "bands": BANDS} | changed


def earned(**changed: Any) -> tuple[str, str]:
    told = answer("growth", case(**changed))
    return told["rate"], told["earned"]


def test_each_mode_pays_on_its_own_part() -> None:
    assert earned(mode="full") == ("0.04", "50.00")
    assert earned(mode="excess") == ("0.04", "10.00")
    assert earned(mode="banded") == ("0.04", "4.00")  # 100 × 0.02 + 50 × 0.04


@pytest.mark.parametrize("mode", ["full", "excess", "banded"])
def test_below_the_first_band_there_is_nothing(mode: str) -> None:
    told = answer("growth", case(actual="1099.99", mode=mode))
    assert (told["eligible"], told["rate"], told["earned"]) == (True, "0", "0.00")
    assert told["explanation"]["reason"] == "below_first_band"


def test_a_band_is_reached_at_its_start_and_strictly_only_beyond() -> None:
    assert earned(actual="1200") == ("0.04", "48.00")
    assert earned(actual="1200", strict=True) == ("0.02", "24.00")
    assert earned(actual="1200.01", strict=True) == ("0.04", "48.00")
    assert earned(actual="1100", strict=True) == ("0", "0.00")
    assert earned(actual="1200", mode="banded", strict=True) == ("0.02", "2.00")
    assert earned(actual="1200", mode="banded") == ("0.04", "2.00")


def test_a_band_below_the_baseline_pays_no_negative_excess() -> None:
    bands = [{"from": "0.9", "rate": "0.01"}]
    assert earned(actual="950", mode="excess", bands=bands) == ("0.01", "0.00")
    assert earned(actual="950", mode="banded", bands=bands) == ("0.01", "0.50")


def test_no_baseline_is_not_eligible() -> None:
    told = answer("growth", case(baseline="0"))
    assert (told["eligible"], told["rate"], told["earned"]) == (False, "0", "0.00")
    assert told["explanation"]["reason"] == "no_baseline"
    program = GrowthProgram((Band(D(1), D(1)),), "full")
    assert growth(program, D(-1), D(5)).eligible is False
    assert growth(program, D(1), D(5)).earned == 5


def test_the_reasons_are_told() -> None:
    assert answer("growth", case(bands=[{"from": 1, "rate": 0}]))["explanation"] == {
        "reason": "band_reached",
        "growth": "250",
        "bands_from": ["1000"],
    }


@given(
    st.integers(1, 10**6),
    st.integers(0, 10**7),
    st.sampled_from(["full", "excess", "banded"]),
    st.booleans(),
)
def test_full_pays_most_and_banded_least(baseline: int, actual: int, mode: str, strict: bool) -> None:
    bands = (Band(D("1.1"), D("0.02")), Band(D("1.5"), D("0.03")))
    paid = [
        growth(GrowthProgram(bands, one, strict), D(baseline), D(actual)).earned
        for one in ("banded", "excess", "full")
    ]
    assert paid == sorted(paid)
    assert min(paid) >= 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"baseline": "-1"}, ("negative", "baseline")),
        ({"baseline": None}, ("missing", "baseline")),
        ({"actual": "-1"}, ("negative", "actual")),
        ({"actual": "lots"}, ("not_a_number", "actual")),
        ({"mode": None}, ("missing", "mode")),
        ({"mode": "half"}, ("unknown_choice", "mode")),
        ({"strict": "yes"}, ("not_a_boolean", "strict")),
        ({"bands": []}, ("empty", "bands")),
        ({"bands": BANDS[::-1]}, ("out_of_order", "bands[1].from")),
        ({"bands": [BANDS[0], BANDS[0]]}, ("duplicate", "bands[1].from")),
        ({"bands": [{"from": "1.1", "rate": "-0.1"}]}, ("negative", "bands[0].rate")),
        ({"bands": [{"from": "-1", "rate": "0.1"}]}, ("negative", "bands[0].from")),
        ({"cap": 5}, ("unknown_key", "cap")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("growth", case(**changed))
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
