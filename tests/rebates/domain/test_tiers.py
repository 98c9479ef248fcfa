"""Rebates by tiers. Source: rules.md, rebate."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebates.domain.tiers import Program, Tier, earned, next_tier, rate_at, settle
from simulations.operations.simulate import answer, answer_all

TIERS = [{"from": "1000", "rate": "0.02"}, {"from": "5000", "rate": "0.04"}]
bases = st.decimals(min_value=-(10**7), max_value=10**7, places=2)
programs = st.builds(
    Program,
    tiers=st.lists(st.integers(0, 10**6), min_size=1, max_size=4, unique=True)
    .map(sorted)
    .flatmap(
        lambda starts: st.tuples(
            *[st.builds(Tier, st.just(D(start)), st.decimals(0, 1, places=4)) for start in starts]
        )
    ),
    incremental=st.booleans(),
    cap=st.none() | st.decimals(0, 10**6, places=2),
)


def ask(*given: str, method: str = "retroactive", **program: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"method": method, "tiers": TIERS}
    return answer(
        "rebate",
        {"program": whole | program, "periods": [{"base": base} for base in given]},
    )


def test_what_lies_below_the_first_tier_earns_nothing() -> None:
    assert ask("999.99")["earned"] == "0.00"
    assert ask("1000")["earned"] == "20.00"
    assert ask("1000", method="incremental")["earned"] == "0.00"
    assert ask("6000", method="incremental")["earned"] == "120.00"


def test_returns_beyond_the_base_earn_nothing_and_take_everything_back() -> None:
    told = ask("2000", "-2500", "600")
    assert [one["cumulative"] for one in told["settlements"]] == ["2000", "-500", "100"]
    assert [one["due"] for one in told["settlements"]] == ["40.00", "-40.00", "0.00"]
    assert ask("-5", tiers=[{"from": 0, "rate": "1"}])["earned"] == "0.00"


def test_what_is_settled_counts_after_the_cap() -> None:
    told = ask("5000", "5000", "-9000", cap="150")
    assert [one["earned"] for one in told["settlements"]] == ["150.00", "150.00", "20.00"]
    assert [one["due"] for one in told["settlements"]] == ["150.00", "0.00", "-130.00"]
    assert [one["capped"] for one in told["explanation"]] == [True, True, False]
    assert ask("5000", cap="0")["earned"] == "0.00"


def test_a_cap_of_parts_of_a_cent_is_said_to_be_reached_too() -> None:
    told = ask("5000", cap="5.005")
    assert (told["earned"], told["explanation"][0]["capped"]) == ("5.01", True)


def test_a_rebate_is_rounded_once() -> None:
    tiers = [{"from": "0", "rate": "0.005"}, {"from": "1", "rate": "0.005"}]
    assert ask("2", tiers=tiers, method="incremental")["earned"] == "0.01"
    assert ask("0.99", tiers=tiers)["earned"] == "0.00"
    assert ask("1", tiers=tiers)["earned"] == "0.01"


def test_a_quantity_program_pays_money_per_unit() -> None:
    tiers = [{"from": "0", "rate": "0.5"}, {"from": "100", "rate": "1.25"}]
    assert ask("120", tiers=tiers)["earned"] == "150.00"
    assert ask("120", tiers=tiers, method="incremental")["earned"] == "75.00"


def test_the_next_tier_and_its_distance_are_told() -> None:
    first, last = ask("999.99", "9000")["explanation"]
    assert first == {"rate": "0", "next_from": "1000", "next_rate": "0.02", "missing": "0.01"}
    assert last == {"rate": "0.04"}


def test_no_period_is_no_settlement() -> None:
    assert ask() == {"settlements": [], "earned": "0.00", "explanation": []}


def test_tiers_are_reached_at_their_start() -> None:
    program = Program((Tier(D(10), D(1)), Tier(D(20), D(2))))
    assert [rate_at(program, D(n)) for n in (9, 10, 19, 20)] == [0, 1, 1, 2]
    assert next_tier(program, D(10)) == program.tiers[1]
    assert next_tier(program, D(20)) is None


@given(programs, st.lists(bases, max_size=6))
def test_what_is_due_sums_to_what_is_earned(program: Program, given_bases: list[D]) -> None:
    settlements = settle(program, given_bases)
    total = sum(given_bases, D(0))
    assert sum((one.due for one in settlements), D(0)) == (earned(program, total) if given_bases else 0)
    assert all(one.earned >= 0 for one in settlements)
    if program.cap is not None:
        assert all(one.earned <= program.cap for one in settlements)


@given(programs, bases, bases)
def test_an_incremental_rebate_never_falls_as_the_base_grows(program: Program, a: D, b: D) -> None:
    steady = Program(program.tiers, incremental=True, cap=program.cap)
    low, high = sorted((a, b))
    assert earned(steady, low) <= earned(steady, high)


@given(st.decimals(0, 1, places=4), bases)
def test_one_tier_from_zero_is_the_same_by_both_methods(rate: D, base: D) -> None:
    tiers = (Tier(D(0), rate),)
    assert earned(Program(tiers), base) == earned(Program(tiers, incremental=True), base)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ({"tiers": []}, ("empty", "program.tiers")),
        ({"tiers": None}, ("missing", "program.tiers")),
        ({"method": "monthly"}, ("unknown_choice", "program.method")),
        ({"method": None}, ("missing", "program.method")),
        ({"cap": "-1"}, ("negative", "program.cap")),
        ({"cap": 1.5}, ("json_float", "program.cap")),
        ({"tiers": TIERS[::-1]}, ("out_of_order", "program.tiers[1].from")),
        ({"tiers": [TIERS[0], TIERS[0]]}, ("duplicate", "program.tiers[1].from")),
        ({"tiers": [{"from": "-1", "rate": "0"}]}, ("negative", "program.tiers[0].from")),
        ({"tiers": [{"from": "0", "rate": "-1"}]}, ("negative", "program.tiers[0].rate")),
        ({"tiers": [{"from": "0"}]}, ("missing", "program.tiers[0].rate")),
        ({"tiers": [{"rate": "0"}]}, ("missing", "program.tiers[0].from")),
        ({"tiers": [TIERS[0] | {"to": "1"}]}, ("unknown_key", "program.tiers[0].to")),
        ({"currency": "CNY"}, ("unknown_key", "program.currency")),
    ],
)
def test_a_program_that_makes_no_sense_is_refused(program: dict[str, Any], expected: tuple[str, str]) -> None:
    whole: dict[str, Any] = {"method": "retroactive", "tiers": TIERS}
    case = {"program": whole | program, "periods": []}
    told, ok = answer_all("rebate", case)
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (None, ("missing", "periods")),
        ([{}], ("missing", "periods[0].base")),
        ([{"base": "many"}], ("not_a_number", "periods[0].base")),
        (["5"], ("not_an_object", "periods[0]")),
        ([{"base": "1"}, {"base": 0.5}], ("json_float", "periods[1].base")),
    ],
)
def test_periods_that_make_no_sense_are_refused(periods: object, expected: tuple[str, str]) -> None:
    case = {"program": {"method": "retroactive", "tiers": TIERS}, "periods": periods}
    told, _ = answer_all("rebate", case)
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
