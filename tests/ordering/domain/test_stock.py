"""Available to promise. Source: rules.md, stock."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.stock import Movement, StockRequest, available
from simulations.operations.simulate import answer, answer_all

START = date(2026, 6, 1)
movements = st.lists(
    st.builds(
        Movement,
        st.integers(0, 9).map(lambda n: START + timedelta(n)),
        st.integers(-50, 50),
    )
)


def case(*future: tuple[str, int], **changed: Any) -> dict[str, Any]:
    return {
        "on_hand": 100,
        "safety": 10,
        "quarantine": 5,
        "hard": 30,
        "soft": 15,
        "future": [{"date": day, "qty": qty} for day, qty in future],
    } | changed


def rows(*future: tuple[str, int], **changed: Any) -> list[tuple[str, int, int]]:
    told = answer("stock", case(*future, **changed))["available"]
    return [(row["date"], row["raw"], row["promise"]) for row in told]


def test_now_is_what_is_on_hand_and_not_spoken_for() -> None:
    assert rows() == [("now", 40, 40)]
    assert rows(future=None) == [("now", 40, 40)]


def test_movements_of_one_day_count_together_in_any_order() -> None:
    assert rows(("2026-06-05", -60), ("2026-06-04", 5), ("2026-06-05", 50)) == [
        ("now", 40, 35),
        ("2026-06-04", 45, 35),
        ("2026-06-05", 35, 35),
    ]


def test_a_promise_is_never_below_zero_though_the_stock_may_be() -> None:
    assert rows(("2026-06-04", -70), ("2026-06-05", 100)) == [
        ("now", 40, 0),
        ("2026-06-04", -30, 0),
        ("2026-06-05", 70, 70),
    ]
    assert rows(hard=200) == [("now", -130, 0)]


def test_the_day_that_holds_the_promise_down_is_told() -> None:
    told = answer("stock", case(("2026-06-04", -10), ("2026-06-05", 30)))
    assert told["explanation"] == {"promise": 30, "held_down_by": "2026-06-04"}
    assert answer("stock", case())["explanation"]["held_down_by"] == "now"


@given(movements, st.integers(0, 99))
def test_the_promise_is_the_lowest_raw_from_there_on(future: list[Movement], hand: int) -> None:
    found = available(StockRequest(hand, 0, 0, 0, 0, tuple(future)))
    raw = [row.raw for row in found]
    assert [row.promise for row in found] == [max(0, min(raw[i:])) for i in range(len(raw))]
    assert raw[-1] == hand + sum(one.qty for one in future)
    assert [row.day for row in found] == [None, *sorted({one.day for one in future})]


@given(movements, st.integers(0, 99), st.integers(1, 99))
def test_selling_what_is_promised_breaks_no_later_promise(
    future: list[Movement], hand: int, sold: int
) -> None:
    before = available(StockRequest(hand, 0, 0, 0, 0, tuple(future)))
    sold = min(sold, before[0].promise)
    after = available(StockRequest(hand, 0, 0, sold, 0, tuple(future)))
    if sold:
        assert all(row.raw >= 0 for row in after)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"on_hand": -1}, ("negative", "on_hand")),
        ({"on_hand": None}, ("missing", "on_hand")),
        ({"safety": "1.5"}, ("not_whole", "safety")),
        ({"quarantine": True}, ("not_a_number", "quarantine")),
        ({"hard": 1.0}, ("json_float", "hard")),
        ({"soft": "few"}, ("not_a_number", "soft")),
        ({"future": [{"date": "2026-06-31", "qty": 1}]}, ("not_a_date", "future[0].date")),
        ({"future": [{"date": "2026-06-01"}]}, ("missing", "future[0].qty")),
        ({"future": [{"date": "2026-06-01", "qty": "1.5"}]}, ("not_whole", "future[0].qty")),
        ({"reserved": 1}, ("unknown_key", "reserved")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("stock", case(**changed))
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
