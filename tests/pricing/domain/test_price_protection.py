"""Limits on our own selling prices, and the verdict. Source: rules.md, quote 3."""

from typing import Any

import pytest

from pricing.domain.limits import VERDICTS, worse
from simulations.operations.simulate import answer


def verdicts(
    *limits: dict[str, Any], qty: int = 16, price: str = "59.5", free: int = 1
) -> tuple[str, list[list[str]], list[str]]:
    told = answer(
        "quote",
        {
            "on": "2026-06-01",
            "buyer": {"id": "D-1"},
            "price_lists": [
                {
                    "code": "L",
                    "audience": {"kind": "everyone"},
                    "entries": [{"sku": "A", "price": price}, {"sku": "B", "price": "1"}],
                }
            ],
            "schemes": [{"code": "F", "kind": "free_goods", "skus": ["A"], "buy": 8, "free": free}],
            "limits": [{"sku": "A", **limit} for limit in limits],
            "lines": [{"sku": "A", "qty": qty}, {"sku": "B", "qty": 1}],
        },
    )
    lines = told["lines"]
    return (
        told["verdict"],
        [line["clauses"] for line in lines],
        [line["verdict"] for line in lines],
    )


def limit(action: str, clause: str = "c", **bounds: str) -> dict[str, Any]:
    return {"action": action, "clause": clause, **bounds}


def test_the_net_price_of_one_unit_counts_free_units_and_has_four_places() -> None:
    # 952 / 18 = 52.88888…: shown and compared as 52.8889
    assert verdicts(limit("review", floor="52.8889"))[0] == "ok"
    assert verdicts(limit("review", floor="52.8890"))[0] == "review"
    assert verdicts(limit("review", ceiling="52.8889"))[0] == "ok"
    assert verdicts(limit("review", ceiling="52.8888"))[0] == "review"


def test_every_broken_clause_is_listed_in_order_and_the_worst_action_counts() -> None:
    found = verdicts(
        limit("advise", "one", floor="60"),
        limit("block", "two", ceiling="50"),
        limit("review", "three", floor="53", ceiling="70"),
        limit("block", "four", floor="40", ceiling="80"),
    )
    assert found == ("block", [["one", "two", "three"], []], ["block", "ok"])


@pytest.mark.parametrize("action", ["advise", "review", "block"])
def test_the_order_is_as_bad_as_its_worst_line(action: str) -> None:
    assert verdicts(limit(action, floor="99")) == (action, [["c"], []], [action, "ok"])


def test_a_limit_without_bounds_or_on_another_sku_breaks_nothing() -> None:
    assert verdicts(limit("block")) == ("ok", [[], []], ["ok", "ok"])
    assert verdicts(limit("block", floor="99") | {"sku": "Z"})[0] == "ok"


def test_verdicts_grow_worse_in_order() -> None:
    assert VERDICTS == ("ok", "advise", "review", "block", "no_price")
    for i, mild in enumerate(VERDICTS):
        for bad in VERDICTS[i:]:
            assert worse(mild, bad) == worse(bad, mild) == bad
