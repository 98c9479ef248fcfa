"""Orders that make no sense, and where they say so. Source: rules.md, simulate and quote."""

from copy import deepcopy
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from pricing.domain.audience import EVERYONE, Buyer
from pricing.domain.base_price import PriceEntry, PriceList
from pricing.domain.quote import DuplicateSku, Line, NoQuantity, QuoteRequest, quote
from simulations.operations.simulate import answer_all

STEP = {"code": "S", "kind": "step", "steps": [{"from": "1", "percent_off": "0.1"}]}
FREE = {"code": "F", "kind": "free_goods", "buy": 8, "free": 1}
SPECIAL = {"code": "P", "kind": "special_price", "price": "5"}
CASE: dict[str, Any] = {
    "on": "2026-06-01",
    "buyer": {"id": "D-1", "tags": ["t"], "region": ["44"]},
    "price_lists": [
        {
            "code": "L",
            "audience": {"kind": "everyone"},
            "entries": [{"sku": "A", "price": "10", "min_qty": 1}],
        }
    ],
    "schemes": [STEP, FREE, SPECIAL],
    "limits": [{"sku": "A", "floor": "1", "action": "review", "clause": "c"}],
    "lines": [{"sku": "A", "qty": 1}],
}


def changed(path: list[Any], value: object) -> dict[str, Any]:
    """CASE with another value at a path; an Ellipsis takes the key away."""
    case: Any = deepcopy(CASE)
    *way, last = path
    at = case
    for key in way:
        at = at[key]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return dict(case)


def named(path: list[Any]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)[1:]


def error(case: object) -> tuple[str, str]:
    told, ok = answer_all("quote", case)
    assert not ok, told
    assert isinstance(told, dict)
    assert set(told) == {"error", "field", "message"}
    assert told["message"]
    return told["error"], told["field"]


def test_the_case_itself_is_fine() -> None:
    assert answer_all("quote", CASE)[1]


@pytest.mark.parametrize(
    "path",
    [
        ["on"],
        ["buyer"],
        ["buyer", "id"],
        ["price_lists"],
        ["price_lists", 0, "code"],
        ["price_lists", 0, "audience"],
        ["price_lists", 0, "audience", "kind"],
        ["price_lists", 0, "entries"],
        ["price_lists", 0, "entries", 0, "sku"],
        ["price_lists", 0, "entries", 0, "price"],
        ["schemes", 0, "code"],
        ["schemes", 0, "kind"],
        ["schemes", 0, "steps"],
        ["schemes", 0, "steps", 0, "from"],
        ["schemes", 0, "steps", 0, "percent_off"],
        ["schemes", 1, "buy"],
        ["schemes", 1, "free"],
        ["schemes", 2, "price"],
        ["limits", 0, "sku"],
        ["limits", 0, "action"],
        ["limits", 0, "clause"],
        ["lines"],
        ["lines", 0, "sku"],
        ["lines", 0, "qty"],
    ],
)
def test_what_is_required_is_missed(path: list[Any]) -> None:
    assert error(changed(path, ...)) == error(changed(path, None)) == ("missing", named(path))


@pytest.mark.parametrize(
    "path",
    [
        [],
        ["buyer"],
        ["price_lists", 0],
        ["price_lists", 0, "audience"],
        ["price_lists", 0, "entries", 0],
        ["schemes", 0],
        ["schemes", 0, "steps", 0],
        ["schemes", 1],
        ["schemes", 2],
        ["limits", 0],
        ["lines", 0],
    ],
)
def test_an_unknown_key_is_refused_at_any_depth(path: list[Any]) -> None:
    at = [*path, "colour"]
    assert error(changed(at, "red")) == ("unknown_key", named(at))
    assert answer_all("quote", changed(at, None))[1]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["on"], "1 June", "not_a_date"),
        (["buyer"], "D-1", "not_an_object"),
        (["buyer", "id"], 7, "not_text"),
        (["buyer", "tags"], "t", "not_a_list"),
        (["buyer", "region", 0], 44, "not_text"),
        (["price_lists"], {}, "not_a_list"),
        (["price_lists", 0, "audience", "kind"], "all", "unknown_choice"),
        (["price_lists", 0, "priority"], "high", "not_a_number"),
        (["price_lists", 0, "from"], "2026-13-01", "not_a_date"),
        (["price_lists", 0, "until"], 20260601, "not_a_date"),
        (["price_lists", 0, "entries", 0, "price"], "-1", "negative"),
        (["price_lists", 0, "entries", 0, "price"], 9.5, "json_float"),
        (["price_lists", 0, "entries", 0, "price"], "1.00001", "too_many_places"),
        (["price_lists", 0, "entries", 0, "price"], "ten", "not_a_number"),
        (["price_lists", 0, "entries", 0, "per"], 0, "zero"),
        (["price_lists", 0, "entries", 0, "per"], "1.5", "not_whole"),
        (["price_lists", 0, "entries", 0, "min_qty"], -1, "negative"),
        (["schemes", 0, "kind"], "gift", "unknown_choice"),
        (["schemes", 0, "measure"], "weight", "unknown_choice"),
        (["schemes", 0, "steps"], [], "empty"),
        (["schemes", 0, "steps", 0, "from"], "-1", "negative"),
        (["schemes", 0, "steps", 0, "percent_off"], "5", "out_of_range"),
        (["schemes", 0, "steps", 0, "percent_off"], "-0.1", "negative"),
        (["schemes", 0, "steps", 0, "amount_off"], "1", "not_both"),
        (["schemes", 0, "skus"], "A", "not_a_list"),
        (["schemes", 0, "group"], "", "empty"),
        (["schemes", 1, "buy"], 0, "zero"),
        (["schemes", 1, "free"], -1, "negative"),
        (["schemes", 1, "cap"], "1.5", "not_whole"),
        (["schemes", 1, "mode"], "twice", "unknown_choice"),
        (["schemes", 1, "count"], "inclusive", "unknown_choice"),
        (["schemes", 1, "price"], "5", "unknown_key"),
        (["schemes", 1, "code"], "S", "duplicate"),
        (["schemes", 2, "price"], "-5", "negative"),
        (["limits", 0, "action"], "forbid", "unknown_choice"),
        (["limits", 0, "floor"], "low", "not_a_number"),
        (["limits", 0, "ceiling"], "0.99", "out_of_order"),
        (["lines", 0], None, "missing"),
        (["lines", 0, "qty"], -1, "negative"),
        (["lines", 0, "qty"], 0, "zero"),
        (["lines", 0, "qty"], "1.5", "not_whole"),
        (["lines", 0, "qty"], True, "not_a_number"),
        (["lines", 0, "qty"], "many", "not_a_number"),
        (["lines", 0, "qty"], 10**18, "too_large"),
        (["lines", 0, "sku"], "", "empty"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_stands(path: list[Any], value: object, code: str) -> None:
    assert error(changed(path, value)) == (code, named(path))


def test_an_audience_of_someone_needs_to_say_whose() -> None:
    case = changed(["price_lists", 0, "audience", "kind"], "level")
    assert error(case) == ("missing", "price_lists[0].audience.value")


def test_steps_out_of_order_are_refused() -> None:
    steps = [{"from": "2", "amount_off": "1"}, {"from": "1", "amount_off": "1"}]
    case = changed(["schemes", 0, "steps"], steps)
    assert error(case) == ("out_of_order", "schemes[0].steps[1].from")
    steps[1]["from"] = "2.0"
    assert error(changed(["schemes", 0, "steps"], steps)) == (
        "duplicate",
        "schemes[0].steps[1].from",
    )


def test_a_step_in_units_starts_at_a_whole_number() -> None:
    step = STEP | {"measure": "quantity", "steps": [{"from": "1.5", "percent_off": "0.1"}]}
    assert error(changed(["schemes", 0], step)) == ("not_whole", "schemes[0].steps[0].from")


def test_an_order_names_a_sku_once() -> None:
    case = changed(["lines"], [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 1}, {"sku": "A", "qty": 2}])
    assert error(case) == ("duplicate", "lines[2].sku")


def test_a_list_has_one_price_for_a_quantity() -> None:
    entries = [{"sku": "A", "price": "1"}, {"sku": "A", "price": "2", "min_qty": "1"}]
    case = changed(["price_lists", 0, "entries"], entries)
    assert error(case) == ("duplicate", "price_lists[0].entries[1].min_qty")
    case = changed(["price_lists"], CASE["price_lists"] * 2)
    assert error(case) == ("duplicate", "price_lists[1].code")


def test_a_floor_may_be_the_ceiling() -> None:
    assert answer_all("quote", changed(["limits", 0, "ceiling"], "1"))[1]


def test_the_domain_itself_refuses_what_the_services_might_ask() -> None:
    lists = [PriceList("L", EVERYONE, [PriceEntry("A", D(1))])]

    def ask(*lines: Line) -> QuoteRequest:
        return QuoteRequest(date(2026, 6, 1), Buyer("D-1"), lists, lines)

    with pytest.raises(NoQuantity):
        quote(ask(Line("A", 0)))
    with pytest.raises(DuplicateSku):
        quote(ask(Line("A", 1), Line("A", 2)))


def test_in_a_list_only_the_senseless_case_is_refused() -> None:
    bad = changed(["lines", 0, "qty"], -1)
    told, ok = answer_all("quote", [CASE, bad, "x", CASE])
    assert not ok
    assert isinstance(told, list)
    assert [one.get("error") for one in told] == [None, "negative", "not_an_object", None]
    assert told[0] == told[3] == answer_all("quote", CASE)[0]
    assert answer_all("quote", []) == ([], True)


def test_an_unknown_kind_is_refused_once() -> None:
    told, ok = answer_all("horoscope", [CASE, CASE])
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == ("unknown_kind", "kind")
    assert "quote" in told["message"]
