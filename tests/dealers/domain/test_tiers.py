"""The five dimensions and the ladder. Source: rules.md, tier."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealers.domain.tiers import (
    DIMENSIONS,
    Ladder,
    Month,
    Standing,
    Tier,
    Weights,
    next_month,
    score,
)
from simulations.operations.simulate import answer, answer_all

TIERS = [
    {"name": "ordinary", "from": "20"},
    {"name": "key", "from": "60"},
    {"name": "core", "from": "80"},
]
EVEN = dict.fromkeys(DIMENSIONS, "1")
LADDER = Ladder((Tier("ordinary", D(20)), Tier("key", D(60)), Tier("core", D(80))))
dimension = st.none() | st.decimals(0, 100, places=2)
months = st.builds(Month, dimension, dimension, dimension, dimension, dimension)


def flat(value: str | None, **changed: str | None) -> dict[str, str | None]:
    return dict.fromkeys(DIMENSIONS, value) | changed


def case(*given: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"tiers": TIERS, "current": "key", "months": list(given)} | changed


def moves(*values: str | None, **changed: Any) -> list[tuple[str, str]]:
    told = answer("tier", case(*[flat(value) for value in values], **changed))
    return [(month["tier"], month["move"]) for month in told["months"]]


def test_up_when_the_score_reaches_the_next_bar_and_only_one_step() -> None:
    assert moves("79.99", "80") == [("key", "stay"), ("core", "promote")]
    assert moves("100", "100", "100", current="ordinary") == [
        ("key", "promote"),
        ("core", "promote"),
        ("core", "stay"),
    ]


def test_down_in_the_second_month_in_a_row_and_only_one_step() -> None:
    assert moves("0", "0", "0", "0", current="core") == [
        ("core", "warn"),
        ("key", "demote"),
        ("key", "warn"),
        ("ordinary", "demote"),
    ]


def test_a_good_month_between_starts_the_count_anew() -> None:
    assert moves("50", "60", "50", "59.99") == [
        ("key", "warn"),
        ("key", "stay"),
        ("key", "warn"),
        ("ordinary", "demote"),
    ]


def test_a_promotion_starts_the_count_anew() -> None:
    assert moves("80", "70", months_below=1) == [("core", "promote"), ("core", "warn")]


def test_a_month_without_data_neither_counts_nor_forgives() -> None:
    told = answer("tier", case(flat("50"), flat("99", growth=None), flat("50")))
    assert [month["move"] for month in told["months"]] == ["warn", "low_confidence", "demote"]
    assert [month["months_below"] for month in told["months"]] == [1, 1, 0]
    assert told["months"][1]["missing"] == ["growth"]


def test_the_count_may_come_from_earlier_months() -> None:
    assert moves("50", months_below=1) == [("ordinary", "demote")]
    assert moves("50", months_below=7) == [("ordinary", "demote")]


def test_in_the_lowest_tier_it_stays_with_the_warning() -> None:
    assert moves("10", "10", "10", "20", current="ordinary") == [
        ("ordinary", "warn"),
        ("ordinary", "warn"),
        ("ordinary", "warn"),
        ("ordinary", "stay"),
    ]


def test_a_ladder_may_have_one_tier_only() -> None:
    assert moves("100", "0", "0", tiers=TIERS[1:2]) == [
        ("key", "stay"),
        ("key", "warn"),
        ("key", "warn"),
    ]


def test_no_data_at_all_is_no_score() -> None:
    (month,) = answer("tier", case({}))["months"]
    assert (month["score"], month["tier"], month["move"]) == (None, "key", "low_confidence")
    assert month["points_to_next"] is None


def test_the_score_is_rounded_before_it_is_compared() -> None:
    weights = EVEN | {"scale": "0.6", "expertise": "0.4"} | dict.fromkeys(DIMENSIONS[2:], "0")
    assert moves("0", weights=weights) == [("key", "warn")]
    (month,) = answer("tier", case(flat("80", scale="79.99", expertise="80"), weights=weights))["months"]
    assert (month["score"], month["move"]) == ("79.99", "stay")
    (month,) = answer("tier", case(flat("80", scale="79.995"), weights=weights))["months"]
    assert (month["score"], month["move"]) == ("80.00", "promote")


def test_only_the_proportions_of_the_weights_matter() -> None:
    month = Month(D(60), D(95), D(70), D(90), D(80))
    thousands = Weights(D(300), D(250), D(200), D(150), D(100))
    assert score(thousands, month) == score(Weights(), month) == D("77.25")


def test_a_weight_of_zero_leaves_its_dimension_out() -> None:
    weights = Weights(D(1), D(0), D(0), D(0), D(0))
    assert score(weights, Month(D(70), D(1), D(2), D(3), D(4))) == 70
    assert score(weights, Month(None, D(1))) is None


def test_what_would_lift_the_partner_is_told() -> None:
    told = answer("tier", case(flat("79.5"), flat("85", growth=None), flat("85"), flat("90")))
    assert [month["points_to_next"] for month in told["months"]] == ["0.50", "0", None, None]


@given(months, st.integers(0, 2), st.integers(0, 3))
def test_nobody_moves_more_than_one_step(month: Month, tier: int, below: int) -> None:
    moved = next_month(LADDER, Standing(tier, below), month)
    expected = {"promote": 1, "demote": -1}.get(moved.move, 0)
    assert moved.standing.tier - tier == expected
    assert 0 <= moved.standing.tier < 3
    if moved.move == "low_confidence":
        assert moved.standing == Standing(tier, below)
        assert month.missing
    elif moved.move != "warn":
        assert moved.standing.months_below == 0
    if moved.score is not None:
        assert 0 <= moved.score <= 100


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"current": "gold"}, ("unknown_tier", "current")),
        ({"current": None}, ("missing", "current")),
        ({"tiers": []}, ("empty", "tiers")),
        ({"tiers": TIERS[::-1]}, ("out_of_order", "tiers[1].from")),
        ({"tiers": [TIERS[0], TIERS[0]]}, ("duplicate", "tiers[1].from")),
        ({"tiers": [TIERS[1], TIERS[2] | {"name": "key"}]}, ("duplicate", "tiers[1].name")),
        ({"tiers": [{"name": "key", "from": "-1"}]}, ("negative", "tiers[0].from")),
        ({"tiers": [{"name": "key"}]}, ("missing", "tiers[0].from")),
        ({"months_below": -1}, ("negative", "months_below")),
        ({"weights": dict.fromkeys(DIMENSIONS, "0")}, ("zero", "weights")),
        ({"weights": EVEN | {"scale": "-1"}}, ("negative", "weights.scale")),
        ({"weights": {"scale": "1"}}, ("missing", "weights.expertise")),
        ({"weights": EVEN | {"loyalty": "1"}}, ("unknown_key", "weights.loyalty")),
        ({"months": [flat("101")]}, ("out_of_range", "months[0].scale")),
        ({"months": [flat("1"), flat("1", growth="-1")]}, ("negative", "months[1].growth")),
        ({"months": [flat("good")]}, ("not_a_number", "months[0].scale")),
        ({"months": [{"loyalty": "5"}]}, ("unknown_key", "months[0].loyalty")),
        ({"months": None}, ("missing", "months")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("tier", case(**changed))
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
