"""8送1: what is earned, shipped with, and owed on a return. Source: rules.md, free-goods."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.refusals import Refusal
from pricing.domain.free_goods import (
    MODES,
    FreeGoodsOrder,
    FreeGoodsRule,
    Return,
    entitled,
    follow,
    free_by_shipment,
    return_credits,
)
from simulations.operations.simulate import answer, answer_all

EIGHT_ONE = {"buy": 8, "free": 1}
rules = st.builds(
    FreeGoodsRule,
    buy=st.integers(1, 12),
    free=st.integers(0, 5),
    mode=st.sampled_from(MODES),
    cap=st.none() | st.integers(0, 10),
)


def ask(ordered: int, rule: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return answer("free-goods", {"rule": rule or EIGHT_ONE, "ordered": ordered, **more})


def credits(rule: FreeGoodsRule, paid: int, free: int, *returns: tuple[int, int]) -> list[str]:
    given = [Return(*one) for one in returns]
    return [str(back.credit) for back in return_credits(rule, paid, free, D(90), given)]


def error(**case: Any) -> tuple[str, str]:
    told, ok = answer_all("free-goods", {"rule": EIGHT_ONE, "ordered": 20, **case})
    assert not ok
    assert isinstance(told, dict)
    assert told["message"]
    return told["error"], told["field"]


def test_the_eighth_unit_earns_a_free_one() -> None:
    assert [ask(n)["entitled"] for n in (0, 7, 8, 15, 16)] == [0, 0, 1, 1, 2]


def test_proportional_counts_between_the_steps_and_never_rounds_up() -> None:
    rule = {"buy": 100, "free": 3, "mode": "proportional"}
    assert [ask(n, rule)["entitled"] for n in (33, 34, 66, 67, 99, 100)] == [0, 1, 1, 2, 2, 3]


def test_whole_gives_nothing_unless_the_order_divides() -> None:
    rule = EIGHT_ONE | {"mode": "whole"}
    assert [ask(n, rule)["entitled"] for n in (7, 8, 9, 16)] == [0, 1, 0, 2]
    assert ask(17, rule, cancelled=1)["entitled"] == 2


def test_inclusive_counts_the_free_ones_too() -> None:
    rule = {"buy": 9, "free": 1, "count": "inclusive"}
    assert ask(20, rule, cancelled=2) == {"entitled": 2, "paid": 16}
    assert ask(20, rule | {"cap": 1}) == {"entitled": 1, "paid": 19}
    assert ask(4, {"buy": 2, "free": 2, "count": "inclusive"}) == {"entitled": 4, "paid": 0}
    assert ask(20, rule, shipments=[], returns=[]) == {"entitled": 2, "paid": 18}


def test_in_whole_mode_all_free_units_go_with_the_shipment_that_completes() -> None:
    rule = EIGHT_ONE | {"mode": "whole"}
    assert ask(16, rule, shipments=[8, 8])["free_by_shipment"] == [0, 2]
    assert ask(16, rule, shipments=[8, 4])["free_by_shipment"] == [0, 0]
    assert ask(17, rule, shipments=[8, 9])["free_by_shipment"] == [0, 0]
    assert ask(20, rule, cancelled=4, shipments=[10, 6])["free_by_shipment"] == [0, 2]


def test_the_cap_holds_over_all_shipments() -> None:
    capped = EIGHT_ONE | {"cap": 2}
    assert ask(40, capped, shipments=[8, 16, 16])["free_by_shipment"] == [1, 1, 0]


@given(rules, st.lists(st.integers(0, 20), min_size=1))
def test_how_an_order_is_split_into_shipments_changes_nothing(
    rule: FreeGoodsRule, shipments: list[int]
) -> None:
    kept = sum(shipments)
    free = free_by_shipment(rule, kept, shipments)
    assert sum(free) == entitled(rule, kept)
    assert all(units >= 0 for units in free)


@given(rules, st.lists(st.integers(0, 9), min_size=1), st.integers(1, 20))
def test_a_shipment_still_to_come_takes_nothing_back(
    rule: FreeGoodsRule, shipments: list[int], to_come: int
) -> None:
    kept = sum(shipments) + to_come
    free = free_by_shipment(rule, kept, shipments)
    assert sum(free) == (0 if rule.mode == "whole" else entitled(rule, sum(shipments)))


def test_a_return_lowers_what_is_earned() -> None:
    told = ask(20, unit_price="90", returns=[{"paid": 5, "free": 0}])
    assert told["return_credits"] == ["360.00"]
    assert told["explanation"] == [
        {
            "returned_paid": 5,
            "returned_free": 0,
            "charged": 1,
            "still_paid": 16,
            "still_free": 1,
        }
    ]
    assert "return_credits" not in ask(20, returns=[])


def test_only_what_was_shipped_can_come_back() -> None:
    assert error(shipments=[], unit_price="1", returns=[{"paid": 1, "free": 0}]) == (
        "too_many_returned",
        "returns[0].paid",
    )
    told = ask(20, shipments=[10], unit_price="90", returns=[{"paid": 3, "free": 1}])
    assert told["return_credits"] == ["270.00"]
    assert error(shipments=[10], unit_price="1", returns=[{"paid": 11, "free": 0}]) == (
        "too_many_returned",
        "returns[0].paid",
    )


def test_units_once_charged_are_no_longer_excess() -> None:
    rule = FreeGoodsRule(8, 1)
    assert credits(rule, 20, 2, (5, 0), (1, 0)) == ["360.00", "90.00"]
    assert credits(rule, 20, 2, (5, 0), (8, 0)) == ["360.00", "630.00"]


def test_free_units_beyond_the_excess_earn_no_credit() -> None:
    rule = FreeGoodsRule(8, 1)
    assert credits(rule, 20, 2, (0, 2)) == ["0.00"]
    assert credits(rule, 20, 2, (5, 2)) == ["450.00"]


def test_free_units_sent_back_early_are_not_asked_for_again() -> None:
    assert credits(FreeGoodsRule(8, 1), 20, 2, (0, 1), (5, 0)) == ["0.00", "450.00"]


def refused_return(*returns: tuple[int, int]) -> tuple[str, str]:
    """Return code and field of the refusal of returns of 16 paid and 2 free units at 10."""
    given = [{"paid": paid, "free": free} for paid, free in returns]
    told, ok = answer_all(
        "free-goods", {"rule": EIGHT_ONE, "ordered": 16, "unit_price": "10", "returns": given}
    )
    assert not ok
    assert isinstance(told, dict)
    return told["error"], told["field"]


def test_a_charged_unit_comes_back_as_a_paid_one() -> None:
    rule = FreeGoodsRule(8, 1)
    assert [str(c.credit) for c in return_credits(rule, 16, 2, D(10), [Return(1), Return(16, 1)])] == [
        "0.00",
        "160.00",
    ]
    assert credits(rule, 16, 2, (16, 0), (2, 0)) == ["1260.00", "180.00"]
    assert credits(rule, 16, 2, (8, 0), (1, 0), (9, 0)) == ["630.00", "0.00", "810.00"]


def test_a_charged_unit_never_comes_back_as_a_free_one() -> None:
    assert refused_return((1, 0), (15, 2)) == ("too_many_returned", "returns[1].free")
    assert refused_return((8, 0), (0, 2)) == ("too_many_returned", "returns[1].free")
    assert refused_return((0, 2), (0, 1)) == ("too_many_returned", "returns[1].free")


def test_no_more_paid_units_come_back_than_were_shipped_and_charged() -> None:
    assert refused_return((1, 0), (17, 0)) == ("too_many_returned", "returns[1].paid")
    assert refused_return((16, 0), (3, 0)) == ("too_many_returned", "returns[1].paid")
    assert refused_return((16, 2), (1, 0)) == ("too_many_returned", "returns[1].paid")


def test_a_credit_below_zero_is_posted_not_dropped() -> None:
    assert credits(FreeGoodsRule(8, 1, "whole"), 16, 2, (1, 0)) == ["-90.00"]


def test_a_full_return_of_everything_credits_everything() -> None:
    assert credits(FreeGoodsRule(8, 1), 20, 2, (20, 2)) == ["1800.00"]


@given(
    rules.filter(lambda rule: rule.mode != "whole"),
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), max_size=5),
)
def test_credits_are_what_was_paid_less_the_free_units_bought(
    rule: FreeGoodsRule, paid: int, returns: list[tuple[int, int]]
) -> None:
    held_free = entitled(rule, paid)
    possible, left, left_free = [], paid, held_free
    for back_paid, back_free in returns:
        back = Return(min(back_paid, left), min(back_free, left_free))
        possible.append(back)
        seen = return_credits(rule, paid, held_free, D(3), possible)
        left, left_free = seen[-1].still_paid, seen[-1].still_free
    seen = return_credits(rule, paid, held_free, D(3), possible)
    charged = 0
    for back, told in zip(possible, seen, strict=True):
        charged += told.charged
        assert told.credit == 3 * (back.paid - told.charged)
        assert 0 <= told.still_free <= entitled(rule, max(0, told.still_paid - charged))
    if seen:
        assert charged + seen[-1].still_free + sum(b.free for b in possible) == held_free


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"ordered": -1}, ("negative", "ordered")),
        ({"ordered": "ten"}, ("not_a_number", "ordered")),
        ({"ordered": None}, ("missing", "ordered")),
        ({"rule": None}, ("missing", "rule")),
        ({"rule": {"free": 1}}, ("missing", "rule.buy")),
        ({"rule": {"buy": 0, "free": 1}}, ("zero", "rule.buy")),
        ({"rule": {"buy": 8}}, ("missing", "rule.free")),
        ({"rule": EIGHT_ONE | {"free": -1}}, ("negative", "rule.free")),
        ({"rule": EIGHT_ONE | {"cap": -1}}, ("negative", "rule.cap")),
        ({"rule": EIGHT_ONE | {"mode": "half"}}, ("unknown_choice", "rule.mode")),
        ({"rule": EIGHT_ONE | {"count": "both"}}, ("unknown_choice", "rule.count")),
        ({"rule": EIGHT_ONE | {"colour": "red"}}, ("unknown_key", "rule.colour")),
        ({"rule": {"buy": 1, "free": 2, "count": "inclusive"}}, ("too_many_free", "rule.free")),
        ({"cancelled": 21}, ("too_many_cancelled", "cancelled")),
        ({"cancelled": -1}, ("negative", "cancelled")),
        ({"shipments": [10, 11]}, ("too_many_shipped", "shipments[1]")),
        ({"shipments": [10, 6], "cancelled": 5}, ("too_many_shipped", "shipments[1]")),
        ({"shipments": [-1]}, ("negative", "shipments[0]")),
        ({"shipments": 20}, ("not_a_list", "shipments")),
        ({"returns": [{"paid": 1, "free": 0}]}, ("missing", "unit_price")),
        ({"unit_price": "-1"}, ("negative", "unit_price")),
        ({"unit_price": 1.5}, ("json_float", "unit_price")),
        ({"returns": [{"paid": 1}], "unit_price": 1}, ("missing", "returns[0].free")),
        (
            {"returns": [{"paid": 21, "free": 0}], "unit_price": 1},
            ("too_many_returned", "returns[0].paid"),
        ),
        (
            {"returns": [{"paid": 12, "free": 1}, {"paid": 9, "free": 0}], "unit_price": 1},
            ("too_many_returned", "returns[1].paid"),
        ),
        (
            {"returns": [{"paid": 0, "free": 3}], "unit_price": 1},
            ("too_many_returned", "returns[0].free"),
        ),
        (
            {"rule": EIGHT_ONE | {"count": "inclusive"}, "shipments": [1]},
            ("not_with_inclusive", "shipments"),
        ),
        (
            {"rule": EIGHT_ONE | {"count": "inclusive"}, "returns": [{"paid": 1, "free": 0}]},
            ("not_with_inclusive", "returns"),
        ),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(case: dict[str, Any], expected: tuple[str, str]) -> None:
    assert error(**case) == expected


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"cancelled": 21}, {"ordered": 20}),
        ({"shipments": (15, 6)}, {"ordered": 20, "shipped": 21}),
        ({"unit_price": D(1), "returns": (Return(12), Return(10))}, {"held": 9}),
        ({"unit_price": D(1), "returns": (Return(0, 3),)}, {"held": 2}),
    ],
)
def test_a_refusal_tells_how_many_there_are(order: dict[str, Any], told: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refused:
        follow(FreeGoodsOrder(FreeGoodsRule(8, 1), 20, **order))
    assert refused.value.details == told
