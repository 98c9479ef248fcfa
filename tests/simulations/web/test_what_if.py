"""The what-if forms: examples, the answers of everybody else, errors in words beside their field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from simulations.operations import simulate
from simulations.web.forms import WhatIfForm
from simulations.web.kinds import KINDS
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def director(acme: Any) -> Client:
    membership = a_member_of(acme)
    membership.user.language = "en"
    membership.user.save()
    return signed_in(membership)


def example(kind: str) -> dict[str, str]:
    return {name: str(value) for name, value in WhatIfForm(KINDS[kind]).initial.items() if value}


def asked(client: Client, kind: str, **changed: str) -> Any:
    with translation.override("en"):
        typed = example(kind) | changed
    return client.post(f"/what-if/{kind}", typed)


def test_every_rule_that_can_be_simulated_has_a_form(director: Client) -> None:
    assert set(KINDS) == set(simulate.KINDS)
    page = director.get("/what-if").content.decode()
    assert all(f'href="/what-if/{kind}"' in page for kind in simulate.KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_is_answered_with_reasons(director: Client, kind: str) -> None:
    assert director.get(f"/what-if/{kind}").status_code == 200
    response = asked(director, kind)
    assert not response.context["form"].errors
    why = response.context["why"]
    assert why.value
    assert why.rows
    assert json.loads(response.context["answer"]) == json.loads(
        json.dumps(simulate.answer(kind, json.loads(response.context["case"])))
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_is_read_in_chinese_too(acme: Any, kind: str) -> None:
    client = signed_in(a_member_of(acme))
    with translation.override("zh-hans"):
        typed = example(kind)
    response = client.post(f"/what-if/{kind}", typed)
    assert not response.context["form"].errors


def test_a_rebate_is_typed_in_percent_and_answered_to_the_cent(director: Client) -> None:
    response = asked(director, "rebate", **{"program-tiers": "0, 0\n5000000, 3 %", "periods": "5000000"})
    assert response.context["why"].value == "150,000.00"


def test_prices_of_one_list_in_several_rows_are_one_list(director: Client) -> None:
    response = asked(director, "quote")
    case = json.loads(response.context["case"])
    assert [one["code"] for one in case["price_lists"]] == ["BASE", "HUIZHOU", "C-0007"]
    assert len(case["price_lists"][0]["entries"]) == 3
    assert case["schemes"][1] == {
        "code": "S8-1",
        "kind": "free_goods",
        "skus": ["SOY-500"],
        "buy": "8",
        "free": "1",
    }


@pytest.mark.parametrize(
    ("kind", "field", "typed", "said"),
    [
        ("growth", "baseline", "much", "“much” is no number"),
        ("growth", "baseline", "1,5", "has more than one meaning"),
        ("growth", "baseline", "1e3", "has more than one meaning"),
        ("growth", "bands", "1.10, 2,5", "Row 1, Rate %: “2,5” has more than one meaning"),
        ("credit", "today", "01/02/2026", "has more than one meaning"),
        ("credit", "today", "2026-02-30", "there is no day"),
        ("quote", "price_lists", "A,level,dealer,S,1,200", "Row 1: “1,200” has more than one meaning"),
        ("growth", "baseline", "", "This is missing."),
        ("credit", "open_orders", "100, 2026-07-01\n50, soon", "Row 2, Payment due: “soon” is no date"),
        ("credit", "open_orders", "100", "Row 1, Payment due: This is missing."),
        ("rebate", "program-tiers", "5, 1\n\n3, 2", "Row 3, From: This must be more"),
        ("quote", "price_lists", "A, level, dealer, S, 1\nA, level, dealer, S, x, 5", "Row 2, Price: "),
        ("quote", "price_lists", "A, nobody, x, S, 1", "Row 1, Audience: This must be one of"),
        ("quote", "schemes", "S, step, 100, 1\nS, step, 200, 900", "Row 2, Discount: "),
        ("quote", "schemes", "S, order_amount, 100, x", "Row 1, Discount: "),
        ("quote", "price_lists", "A, level, dealer, S, 1\nA, level, member, T, 1", "Row 2, List: This is th"),
        (
            "quote",
            "schemes",
            "S, special_price, 5\nS, special_price, 6",
            "Row 2, Scheme: This is there twice",
        ),
        ("quote", "schemes", "S, step, 1, 5, A\nS, step, 2, 6, B", "Row 2, Scheme: This is there twice"),
        ("quote", "schemes", "S, step, 1, 5\nS, order_amount, 2, 6", "Row 2, Scheme: This is there twice"),
        ("quote", "lines", "SOY-500, 1.5", "Row 1, Units: “1.5” is no whole number"),
        ("free-goods", "shipments", "10\nten", "Row 2, Paid units: "),
        ("stock", "future", "2026-06-04, 5, 6", "Row 1: This key is not known here."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    director: Client, kind: str, field: str, typed: str, said: str
) -> None:
    response = asked(director, kind, **{field: typed})
    assert response.status_code == 200
    assert said in str(response.context["form"].errors.get(field)), response.context["form"].errors
    assert "why" not in response.context


def test_every_row_that_was_typed_counts(director: Client) -> None:
    response = asked(director, "rebate", **{"program-tiers": "0, 1", "periods": "1\n" * 700})
    assert response.context["why"].value == "7.00"


def test_a_list_and_a_scheme_go_on_in_further_rows(director: Client) -> None:
    response = asked(
        director,
        "quote",
        price_lists="A, level, dealer, S, 1\nB, everyone,, S, 3\nA,,, T, 2",
        schemes="S, step, 1, 5, S\nS, step, 2, 6",
        lines="S, 1\nT, 1",
    )
    case = json.loads(response.context["case"])
    assert [[one["sku"] for one in prices["entries"]] for prices in case["price_lists"]] == [
        ["S", "T"],
        ["S"],
    ]
    assert [step["percent_off"] for step in case["schemes"][0]["steps"]] == ["0.05", "0.06"]


def test_numbers_and_days_are_read_as_people_write_them(director: Client) -> None:
    response = asked(
        director,
        "quote",
        on="２０２６年６月１日",
        price_lists="A, level, dealer, S, 1,200\nA;level;dealer;T;¥1,050.5;1,000",
        lines="S\t1,000\nT | 2",
        schemes="",
        limits="",
    )
    case = json.loads(response.context["case"])
    prices = [(one["sku"], one["price"], one.get("min_qty")) for one in case["price_lists"][0]["entries"]]
    assert prices == [("S", "1200", None), ("T", "1050.5", "1000")]
    assert [one["qty"] for one in case["lines"]] == ["1000", "2"]
    assert case["on"] == "2026-06-01"


def test_a_case_may_be_typed_as_json(director: Client) -> None:
    case = {
        "baseline": "2000000",
        "actual": "2350000",
        "mode": "full",
        "bands": [{"from": "1.10", "rate": "0.02"}],
    }
    response = asked(director, "growth", as_json=json.dumps(case), by_json="1")
    assert response.context["why"].value == "47,000.00"
    response = asked(director, "growth", as_json=json.dumps(case | {"mode": "most"}), by_json="1")
    assert "mode: This must be one of" in str(response.context["form"].errors["as_json"])
    response = asked(director, "growth", as_json="[1", by_json="1")
    assert "This is no valid JSON: " in str(response.context["form"].errors["as_json"])
    response = asked(director, "growth", as_json="[]", by_json="1")
    assert "object" in str(response.context["form"].errors["as_json"])


def test_a_case_that_would_take_minutes_is_refused(director: Client) -> None:
    rows = [{"sku": f"S{n}", "qty": 1} for n in range(1000)]
    case = {"lines": rows, "schemes": [{}] * 2500}
    response = asked(director, "quote", as_json=json.dumps(case, separators=(",", ":")), by_json="1")
    assert "too much" in str(response.context["form"].errors)


def test_who_may_not_simulate_does_not_enter(acme: Any) -> None:
    client = signed_in(a_member_of(acme, role="warehouse"))
    assert client.get("/what-if").status_code == 403
    assert client.get("/what-if/quote").status_code == 403


def test_an_unknown_kind_is_not_found(director: Client) -> None:
    assert director.get("/what-if/weather").status_code == 404


def test_rates_of_a_program_that_counts_units_are_money_per_unit(director: Client) -> None:
    response = asked(
        director,
        "rebate",
        measure="quantity",
        **{"program-tiers": "0, 0\n1000, 0.05\n2000, 0.08", "periods": "1200"},
    )
    assert not response.context["form"].errors
    case = json.loads(response.context["case"])
    assert [tier["rate"] for tier in case["program"]["tiers"]] == ["0", "0.05", "0.08"]
    assert "measure" not in case
    why = response.context["why"]
    assert why.value == "60.00"
    assert "1,200 base units" in str(why.rows[0].note)
    assert "0.05 per base unit" in str(why.rows[0].note)
    assert "800 base units more reach the next step of 0.08 per base unit." in map(str, why.sentences)


def test_rates_of_a_program_that_counts_amounts_are_per_cent(director: Client) -> None:
    response = asked(director, "rebate", **{"program-tiers": "0, 3\n", "periods": "1000"})
    assert "3%" in str(response.context["why"].rows[0].note)
