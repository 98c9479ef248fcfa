"""Schemes on an order: their order, their shares, their groups. Source: rules.md, quote 2."""

from typing import Any

import pytest

from pricing.domain.basket import Basket, effect
from pricing.domain.schemes import Scheme
from simulations.operations.simulate import answer

PRICES = {"A": "10", "B": "20", "C": "5"}


def quoted(
    lines: dict[str, int], *schemes: dict[str, Any], limits: Any = (), prices: Any = None
) -> dict[str, Any]:
    entries = [
        price if isinstance(price, dict) else {"sku": sku, "price": price}
        for sku, price in (prices or PRICES).items()
    ]
    return answer(
        "quote",
        {
            "on": "2026-06-01",
            "buyer": {"id": "D-1", "level": "dealer", "tags": ["t"]},
            "price_lists": [{"code": "L", "audience": {"kind": "everyone"}, "entries": entries}],
            "schemes": list(schemes),
            "limits": list(limits),
            "lines": [{"sku": sku, "qty": qty} for sku, qty in lines.items()],
        },
    )


def special(code: str, price: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": "special_price", "price": price, **more}


def step(code: str, *steps: tuple[str, str], kind: str = "step", **more: Any) -> dict[str, Any]:
    """Steps as (from, off); an off like "5%" is a fraction, else an amount."""
    return {"code": code, "kind": kind, "steps": [_step(*one) for one in steps], **more}


def _step(from_: str, off: str) -> dict[str, str]:
    if off.endswith("%"):
        return {"from": from_, "percent_off": f"0.{int(off[:-1]):02}"}
    return {"from": from_, "amount_off": off}


def free(code: str, buy: int, free: int, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": "free_goods", "buy": buy, "free": free, **more}


def outcome(told: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [one for one in told["explanation"]["schemes"] if one["code"] == code]
    return dict(found)


def codes(told: dict[str, Any]) -> list[list[str]]:
    return [line["schemes"] for line in told["lines"]]


def test_a_special_price_takes_the_place_of_a_higher_one() -> None:
    told = quoted({"A": 3, "B": 2}, special("S", "8.5"))
    a, b = told["lines"]
    assert (a["base_price"], a["unit_price"], a["discount"], a["amount"]) == (
        "10",
        "8.5",
        "0.00",
        "25.50",
    )
    assert (b["unit_price"], b["amount"], b["net_unit_price"]) == ("8.5", "17.00", "8.5000")
    assert (told["subtotal"], told["discount"], told["total"]) == ("42.50", "0.00", "42.50")
    assert [line["saved"] for line in told["lines"]] == [["4.50"], ["23.00"]]


def test_a_special_price_that_is_not_lower_changes_nothing() -> None:
    told = quoted({"A": 3, "C": 1}, special("S", "10"), special("T", "5.01", skus=["C"]))
    assert codes(told) == [[], []]
    assert told["total"] == "35.00"
    assert outcome(told, "S")["reason"] == "not_lower"
    assert outcome(told, "T")["worth"] == "0.00"


def test_a_special_price_is_for_the_same_number_of_units() -> None:
    told = quoted({"V": 48}, special("S", "90"), prices={"V": {"sku": "V", "price": "100", "per": 24}})
    assert told["total"] == "180.00"
    assert told["lines"][0]["net_unit_price"] == "3.7500"


def test_a_second_special_price_applies_only_where_it_is_lower_still() -> None:
    told = quoted({"A": 1, "B": 1}, special("S", "8"), special("T", "9"), special("U", "7", skus=["B"]))
    assert codes(told) == [["S"], ["S", "U"]]
    assert [line["unit_price"] for line in told["lines"]] == ["8", "7"]


def test_the_highest_step_reached_together_applies_to_all_covered_lines() -> None:
    told = quoted({"A": 5, "B": 5}, step("S", ("100", "5%"), ("150", "10%"), ("151", "20%")))
    assert [line["discount"] for line in told["lines"]] == ["5.00", "10.00"]
    assert codes(told) == [["S"], ["S"]]
    assert outcome(told, "S") == {
        "code": "S",
        "kind": "step",
        "applied": True,
        "reason": "applied",
        "worth": "15.00",
        "measured": "150.00",
        "reached": "150",
        "next": "151",
        "missing": "1.00",
    }


def test_below_the_first_step_nothing_happens_and_the_distance_is_told() -> None:
    told = quoted({"A": 5, "B": 5}, step("S", ("150.01", "5%")))
    assert codes(told) == [[], []]
    seen = outcome(told, "S")
    assert (seen["reason"], seen["missing"], seen["applied"]) == ("below_first_step", "0.01", False)


def test_only_covered_lines_count_and_share() -> None:
    told = quoted({"A": 5, "B": 5}, step("S", ("50", "1"), ("51", "9"), skus=["A", "X"]))
    assert [line["discount"] for line in told["lines"]] == ["1.00", "0.00"]
    assert codes(told) == [["S"], []]
    assert outcome(quoted({"B": 1}, step("S", ("0", "1"), skus=["A"])), "S")["reason"] == ("covers_nothing")
    assert codes(quoted({"B": 1}, step("S", ("0", "1"), skus=[]))) == [[]]


def test_a_step_measured_in_quantity_counts_units() -> None:
    steps = step("S", ("10", "5%"), ("12", "10%"), measure="quantity")
    assert quoted({"A": 5, "B": 6}, steps)["discount"] == "8.50"
    assert quoted({"A": 5, "B": 7}, steps)["discount"] == "19.00"
    assert quoted({"A": 9}, steps)["discount"] == "0.00"


def test_an_amount_off_never_takes_more_than_there_is() -> None:
    told = quoted({"A": 1, "C": 1}, step("S", ("0", "99")))
    assert (told["discount"], told["total"]) == ("15.00", "0.00")
    assert [line["net_unit_price"] for line in told["lines"]] == ["0.0000", "0.0000"]


def test_a_step_that_takes_nothing_off_is_not_named() -> None:
    told = quoted({"A": 1}, step("S", ("0", "0")), step("T", ("0", "0%")))
    assert codes(told) == [[]]
    assert outcome(told, "S")["reason"] == outcome(told, "T")["reason"] == "nothing_off"


def test_a_discount_is_rounded_once_and_shared_by_the_running_total() -> None:
    told = quoted({"A": 1, "B": 1, "C": 1}, step("S", ("0", "1")))
    assert [line["discount"] for line in told["lines"]] == ["0.29", "0.57", "0.14"]
    told = quoted({"x": 1, "y": 1}, step("S", ("0", "5%")), prices={"x": "0.10", "y": "0.10"})
    assert [line["discount"] for line in told["lines"]] == ["0.01", "0.00"]
    assert codes(told) == [["S"], ["S"]]


def test_each_kind_works_on_what_the_earlier_ones_left() -> None:
    told = quoted(
        {"A": 100},
        free("F", 10, 1),
        step("O", ("720", "20"), kind="order_amount"),
        step("S", ("900", "10%")),
        special("P", "8"),
        step("T", ("800", "10%")),
    )
    (line,) = told["lines"]
    assert line["schemes"] == ["P", "T", "O", "F"]
    assert (line["amount"], line["discount"], told["subtotal"]) == ("700.00", "100.00", "800.00")
    assert line["saved"] == ["200.00", "80.00", "20.00", "0.00"]
    assert line["net_unit_price"] == "6.3636"
    assert outcome(told, "S")["measured"] == "800.00"
    assert [one["code"] for one in told["explanation"]["schemes"]] == ["P", "S", "T", "O", "F"]


def test_within_a_kind_priority_comes_first_then_the_code() -> None:
    told = quoted(
        {"A": 10},
        step("C", ("0", "10%"), priority=1),
        step("B", ("0", "10%")),
        step("A", ("0", "10%")),
        step("Z", ("0", "10%"), priority=2),
    )
    assert codes(told) == [["Z", "C", "A", "B"]]
    assert told["total"] == "65.61"


def test_a_later_step_measures_what_an_earlier_one_left() -> None:
    told = quoted({"A": 10}, step("A", ("100", "10%")), step("B", ("100", "10%")))
    assert codes(told) == [["A"]]
    assert outcome(told, "B")["missing"] == "10.00"


def test_schemes_out_of_time_or_for_others_stand_aside() -> None:
    told = quoted(
        {"A": 1},
        special("S", "1", until="2026-06-01"),
        special("T", "1", **{"from": "2026-06-02"}),
        special("U", "1", **{"from": "2026-06-01", "until": "2026-06-01"}),
        special("V", "1", audience={"kind": "level", "value": "member"}),
        special("W", "9", **{"from": "2026-06-01", "until": "2026-06-02"}),
        special("X", "8", audience={"kind": "tag", "value": "t"}),
    )
    assert codes(told) == [["W", "X"]]
    assert outcome(told, "S")["reason"] == outcome(told, "U")["reason"] == "not_active"
    assert outcome(told, "V")["reason"] == "other_audience"


def test_a_group_applies_its_best_in_the_place_of_its_first() -> None:
    told = quoted(
        {"A": 100},
        step("G1", ("0", "1%"), group="g", priority=9),
        step("MID", ("1000", "100"), priority=5),
        step("G2", ("0", "20%"), group="g", priority=1),
    )
    # G2 takes the turn of G1, so MID already sees 800 and is not reached.
    assert codes(told) == [["G2"]]
    assert outcome(told, "G1") == {
        "code": "G1",
        "kind": "step",
        "applied": False,
        "reason": "group_taken",
        "worth": "10.00",
        "winner": "G2",
        "measured": "1000.00",
        "reached": "0",
    }
    assert outcome(told, "MID")["reason"] == "below_first_step"


def test_worth_is_what_it_would_save_at_that_moment() -> None:
    told = quoted(
        {"A": 100},
        step("FIRST", ("0", "950"), priority=9),
        step("AMOUNT", ("0", "40"), group="g"),
        step("PERCENT", ("0", "50%"), group="g"),
    )
    assert codes(told) == [["FIRST", "AMOUNT"]]
    assert outcome(told, "PERCENT")["worth"] == "25.00"


def test_a_tie_goes_to_the_higher_priority_then_to_the_code() -> None:
    tie = [step("B", ("0", "5"), group="g"), step("A", ("0", "5"), group="g")]
    assert codes(quoted({"A": 1}, *tie)) == [["A"]]
    assert codes(quoted({"A": 1}, *tie, step("Z", ("0", "5"), group="g", priority=1))) == [["Z"]]


def test_groups_are_for_one_kind_only() -> None:
    told = quoted(
        {"A": 10},
        special("P", "9", group="g"),
        step("S", ("0", "1"), group="g"),
        step("O", ("0", "1"), kind="order_amount", group="g"),
        free("F", 10, 1, group="g"),
        step("OTHER", ("0", "1"), group="h"),
    )
    assert codes(told) == [["P", "OTHER", "S", "O", "F"]]


def test_one_of_a_group_that_is_not_for_the_buyer_does_not_compete() -> None:
    told = quoted(
        {"A": 10},
        step("A", ("0", "50"), group="g", audience={"kind": "tier", "value": "x"}),
        step("B", ("0", "1"), group="g"),
    )
    assert codes(told) == [["B"]]


def test_the_group_takes_the_best_special_price_over_all_its_lines() -> None:
    told = quoted(
        {"A": 10, "B": 10},
        special("P", "9", group="g"),
        special("Q", "1", skus=["A"], group="g"),
    )
    assert codes(told) == [["P"], ["P"]]  # 10 + 110 against 90
    assert outcome(told, "Q")["worth"] == "90.00"


def test_free_goods_are_counted_per_line() -> None:
    told = quoted({"A": 15, "B": 9, "C": 7}, free("F", 8, 1))
    assert [line["free_qty"] for line in told["lines"]] == [1, 1, 0]
    assert codes(told) == [["F"], ["F"], []]
    assert told["total"] == "365.00"
    assert told["lines"][1]["net_unit_price"] == "18.0000"


def test_the_cap_holds_per_line_and_for_a_gift_as_a_whole() -> None:
    capped = free("F", 8, 1, cap=2)
    assert [line["free_qty"] for line in quoted({"A": 80, "B": 80}, capped)["lines"]] == [2, 2]
    told = quoted({"A": 80, "B": 80}, capped | {"gift_sku": "G"})
    assert told["gifts"] == [{"sku": "G", "qty": 2, "scheme": "F"}]


@pytest.mark.parametrize(("mode", "units"), [("unit", [6, 3]), ("proportional", [8, 3]), ("whole", [0, 3])])
def test_free_goods_in_an_order_know_the_modes(mode: str, units: list[int]) -> None:
    told = quoted({"A": 280, "B": 100}, free("F", 100, 3, mode=mode))
    assert [line["free_qty"] for line in told["lines"]] == units


def test_a_gift_is_counted_over_all_covered_lines_together() -> None:
    told = quoted({"A": 5, "B": 4, "C": 9}, free("F", 8, 2, gift_sku="APRON", skus=["A", "B"]))
    assert told["gifts"] == [{"sku": "APRON", "qty": 2, "scheme": "F"}]
    assert codes(told) == [[], [], []]
    assert [line["free_qty"] for line in told["lines"]] == [0, 0, 0]
    assert outcome(told, "F") == {
        "code": "F",
        "kind": "free_goods",
        "applied": True,
        "reason": "applied",
        "worth": "0.00",
        "measured": "9",
    }


def test_a_gift_not_earned_is_no_entry() -> None:
    told = quoted({"A": 7}, free("F", 8, 1, gift_sku="C"), free("H", 8, 1))
    assert told["gifts"] == []
    assert outcome(told, "F")["reason"] == outcome(told, "H")["reason"] == "too_few_units"
    assert outcome(told, "F")["measured"] == "7"


def test_a_gift_that_is_ordered_too_is_worth_what_its_line_costs() -> None:
    prices = {"A": "10", "C": {"sku": "C", "price": "5"}, "C10": {"sku": "C", "price": "3", "min_qty": 10}}
    for ordered, worth in (({"A": 8, "C": 10}, "3.00"), ({"A": 8, "C": 9}, "5.00"), ({"A": 8}, "5.00")):
        told = quoted(ordered, free("F", 8, 1, gift_sku="C", skus=["A"]), prices=prices)
        assert outcome(told, "F")["worth"] == worth


def test_a_gift_of_an_ordered_sku_dilutes_its_net_price() -> None:
    told = quoted({"A": 8, "C": 9}, free("F", 8, 1, gift_sku="C", skus=["A"]), free("H", 9, 2, skus=["C"]))
    assert told["lines"][1]["net_unit_price"] == "3.7500"  # 45 / (9 + 2 + 1)
    assert told["lines"][1]["schemes"] == ["H"]
    assert told["gifts"] == [{"sku": "C", "qty": 1, "scheme": "F"}]


def test_two_schemes_may_give_free_units_of_one_line() -> None:
    told = quoted({"A": 16}, free("F", 8, 1), free("H", 16, 1))
    assert told["lines"][0]["free_qty"] == 3
    assert codes(told) == [["F", "H"]]


def test_free_goods_of_a_group_are_worth_their_base_price() -> None:
    own = free("OWN", 10, 2, skus=["A"], group="g")  # 2 × 10
    gift = free("GIFT", 10, 1, skus=["A"], gift_sku="B", group="g")  # 1 × 20
    dear = free("DEAR", 10, 5, skus=["A"], gift_sku="C", group="g")  # 5 × 5
    told = quoted({"A": 10}, own, gift, dear)
    assert told["gifts"] == [{"sku": "C", "qty": 5, "scheme": "DEAR"}]
    assert [outcome(told, code)["worth"] for code in ("OWN", "GIFT", "DEAR")] == [
        "20.00",
        "20.00",
        "25.00",
    ]
    assert quoted({"A": 10}, own, gift)["gifts"] == [{"sku": "B", "qty": 1, "scheme": "GIFT"}]
    assert codes(quoted({"A": 10}, own | {"priority": 1}, gift)) == [["OWN"]]


def test_a_special_price_does_not_make_free_goods_worth_less() -> None:
    told = quoted(
        {"A": 10, "B": 10},
        special("P", "1", skus=["A"]),
        free("FA", 10, 3, skus=["A"], group="g"),
        free("FB", 10, 1, skus=["B"], group="g"),
    )
    assert codes(told) == [["P", "FA"], []]


def test_the_worth_of_free_units_follows_the_price_unit() -> None:
    prices = {"V": {"sku": "V", "price": "240", "per": 24}, "W": "10.01"}
    told = quoted(
        {"V": 8, "W": 8},
        free("FV", 8, 1, skus=["V"], group="g"),
        free("FW", 8, 1, skus=["W"], group="g"),
        prices=prices,
    )
    assert codes(told) == [[], ["FW"]]


def test_a_gift_without_a_price_is_worth_nothing_but_still_given() -> None:
    nothing = free("A0", 99, 1, gift_sku="X", group="g", priority=9)
    priceless = free("GIFT", 1, 1, gift_sku="X", group="g")
    told = quoted({"A": 3}, nothing, priceless)
    assert told["gifts"] == [{"sku": "X", "qty": 3, "scheme": "GIFT"}]
    assert outcome(told, "A0")["reason"] == "too_few_units"
    assert codes(quoted({"A": 3}, priceless, free("OWN", 3, 1, group="g"))) == [["OWN"]]


def test_a_line_without_a_price_takes_no_part() -> None:
    told = quoted(
        {"N": 100, "A": 7},
        step("S", ("8", "5%"), measure="quantity"),
        free("F", 8, 1, gift_sku="B"),
        step("T", ("70", "7"), kind="order_amount"),
    )
    assert told["lines"][0] == {"sku": "N", "qty": 100, "verdict": "no_price"}
    assert (told["gifts"], told["total"], told["verdict"]) == ([], "63.00", "no_price")
    assert codes({"lines": told["lines"][1:]}) == [["T"]]


def test_an_order_of_nothing_costs_nothing() -> None:
    told = quoted({}, step("S", ("0", "5")))
    assert (told["lines"], told["total"], told["verdict"]) == ([], "0.00", "ok")


def test_a_scheme_of_no_known_kind_is_a_mistake_of_the_programmer() -> None:
    basket = Basket(["A"], [], [], lambda sku, qty: None)
    with pytest.raises(TypeError, match="no known kind"):
        effect(Scheme(code="S"), basket)
