"""The steps, checklist and score of an application."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.domain.qualification import CHECKS, CRITERIA, OPEN, STEPS, may_become, progress, score

points = st.fixed_dictionaries(dict.fromkeys(CRITERIA, st.integers(0, 5)))


def test_a_decision_is_final_and_an_open_application_can_be_decided() -> None:
    assert all(may_become(state, "accepted") and may_become(state, "refused") for state in OPEN)
    assert not any(may_become(state, wanted) for state in ("accepted", "refused") for wanted in STEPS)
    assert not may_become("reviewing", "received")
    assert not may_become("nowhere", "accepted")


def test_progress_counts_what_is_met_not_met_and_not_checked() -> None:
    done = progress({"licence": True, "site": False, "other": True})
    assert (done.met, done.unmet, done.unchecked, done.is_complete) == (1, 1, len(CHECKS) - 2, False)
    assert progress(dict.fromkeys(CHECKS, True)).is_complete
    assert not progress(dict.fromkeys(CHECKS, True) | {"site": False}).is_complete


@pytest.mark.parametrize(("each", "found"), [(5, D("100.0")), (0, D("0.0")), (3, D("60.0"))])
def test_the_score_is_weighted(each: int, found: D) -> None:
    assert score(dict.fromkeys(CRITERIA, each)) == found


def test_without_all_points_there_is_no_score() -> None:
    assert score({"coverage": 5}) is None


@given(points)
def test_one_more_point_never_lowers_the_score(given_points: dict[str, int]) -> None:
    before = score(given_points)
    assert before is not None
    assert 0 <= before <= 100
    for name, value in given_points.items():
        after = score(given_points | {name: min(5, value + 1)})
        assert after is not None
        assert after >= before
