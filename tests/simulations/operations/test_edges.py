"""Cases at the edges of rules.md: zeros, collisions, figures, last days, and what is looked at first."""

from copy import deepcopy
from typing import Any

import pytest
from django.utils import translation

from simulations.operations.simulate import KINDS, answer, answer_all

QUOTE: dict[str, Any] = {
    "on": "2026-06-01",
    "buyer": {"id": "D"},
    "price_lists": [
        {"code": "L", "audience": {"kind": "everyone"}, "entries": [{"sku": "A", "price": "10"}]}
    ],
    "lines": [{"sku": "A", "qty": 16}],
}
FREE: dict[str, Any] = {"rule": {"buy": 8, "free": 1}, "ordered": 16}
REBATE: dict[str, Any] = {
    "program": {"method": "retroactive", "tiers": [{"from": 0, "rate": "0.1"}]},
    "periods": [{"base": 100}],
}
GROWTH: dict[str, Any] = {
    "baseline": 100,
    "actual": 120,
    "mode": "full",
    "bands": [{"from": "1.1", "rate": "0.02"}],
}
SPREAD: dict[str, Any] = {
    "guaranteed": "1",
    "sales": [{"purchase_price": "10", "advised_resale": "11", "qty": 1}],
}
PRICE_DROP: dict[str, Any] = {
    "effective": "2026-06-01",
    "lookback_days": 60,
    "new_price": "92",
    "on_hand": 5,
    "receipts": [{"date": "2026-05-15", "qty": 5, "price": "98"}],
}
MINIMUM_INCOME: dict[str, Any] = {"guaranteed": "100", "earned": ["120", "50"]}
CREDIT: dict[str, Any] = {
    "limit": 100,
    "open_items": 0,
    "unapplied_receipts": 0,
    "delivered_not_invoiced": 0,
    "today": "2028-02-29",
    "order": {"amount": 100},
}
STOCK: dict[str, Any] = {"on_hand": 5, "safety": 0, "quarantine": 0, "hard": 0, "soft": 0}
TIER: dict[str, Any] = {
    "tiers": [{"name": "low", "from": 0}, {"name": "high", "from": 70}],
    "current": "low",
    "months": [dict.fromkeys(("scale", "expertise", "coverage", "growth", "collaboration"), 70)],
}
DUPLICATE: dict[str, Any] = {"a": {"name": "杭州老王粮油店"}, "b": {"name": "老王粮油"}, "places": ["杭州"]}
CASES = {
    "quote": QUOTE,
    "free-goods": FREE,
    "rebate": REBATE,
    "growth": GROWTH,
    "spread": SPREAD,
    "price-drop": PRICE_DROP,
    "minimum-income": MINIMUM_INCOME,
    "credit": CREDIT,
    "stock": STOCK,
    "tier": TIER,
    "duplicate": DUPLICATE,
}


def case(kind: str, **changed: Any) -> dict[str, Any]:
    return deepcopy(CASES[kind]) | changed


def refused(kind: str, **changed: Any) -> tuple[str, str]:
    told, ok = answer_all(kind, case(kind, **changed))
    assert not ok, told
    assert isinstance(told, dict)
    return told["error"], told["field"]


def line(**more: Any) -> dict[str, Any]:
    return dict(answer("quote", case("quote", **more))["lines"][0])


def test_every_kind_has_a_case_here() -> None:
    assert CASES.keys() == set(KINDS)
    assert all(answer(kind, case(kind)) for kind in KINDS)


def test_zero_is_a_cap_a_floor_and_a_ceiling() -> None:
    free = {"code": "F", "kind": "free_goods", "skus": ["A"], "buy": 8, "free": 1}
    assert line(schemes=[free])["free_qty"] == 2
    assert line(schemes=[free | {"cap": 0}])["free_qty"] == 0
    assert answer("free-goods", case("free-goods", rule={"buy": 8, "free": 1, "cap": 0}))["entitled"] == 0
    limit = {"sku": "A", "action": "block", "clause": "4.2"}
    assert line(limits=[limit | {"ceiling": 0}])["verdict"] == "block"
    assert line(limits=[limit | {"floor": 0}])["verdict"] == "ok"
    assert line(limits=[limit | {"floor": 0, "ceiling": 0}])["clauses"] == ["4.2"]
    capped = REBATE["program"] | {"cap": 0}
    assert answer("rebate", case("rebate", program=capped))["settlements"][0]["due"] == "0.00"
    assert answer("credit", case("credit", limit=0))["decision"] == "hold"
    assert answer("credit", case("credit", limit=0, order={"amount": 0}))["decision"] == "pass"


def test_temporary_limits_count_from_their_first_day_to_the_day_before_until() -> None:
    def limit(**period: str) -> str:
        return str(answer("credit", case("credit", temporary=[{"amount": "50"} | period]))["limit"])

    assert limit(**{"from": "2028-02-29", "until": "2028-03-01"}) == "150.00"
    assert limit(**{"from": "2028-02-28", "until": "2028-02-29"}) == "100.00"
    assert limit(**{"from": "2028-02-29", "until": "2028-02-29"}) == "100.00"
    assert limit(**{"from": "2028-03-31", "until": "2028-01-01"}) == "100.00"
    period = {"from": "2028-01-01", "until": "2029-01-01"}
    twice = answer("credit", case("credit", temporary=[{"amount": "0.005"} | period] * 2))
    assert (twice["limit"], twice["available"]) == ("100.01", "100.01")


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({"amount": -1, "from": "2028-01-01", "until": "2028-01-02"}, ("negative", "temporary[0].amount")),
        ({"amount": 1.5, "from": "2028-01-01", "until": "2028-01-02"}, ("json_float", "temporary[0].amount")),
        ({"amount": 1, "until": "2028-01-02"}, ("missing", "temporary[0].from")),
        ({"amount": 1, "from": "2028-01-01"}, ("missing", "temporary[0].until")),
        ({"amount": 1, "from": "2027-02-29", "until": "2028-01-02"}, ("not_a_date", "temporary[0].from")),
        (
            {"amount": 1, "from": "2028-01-01", "until": "2028-01-02", "to": "x"},
            ("unknown_key", "temporary[0].to"),
        ),
        (None, ("missing", "temporary[0]")),
    ],
)
def test_a_wrong_temporary_limit_is_refused_at_its_key(extra: Any, expected: tuple[str, str]) -> None:
    assert refused("credit", temporary=[extra]) == expected


def test_the_horizon_is_counted_from_today_and_takes_its_last_day_in() -> None:
    orders = [{"amount": 1, "due": "2028-02-29"}, {"amount": 2, "due": "2028-03-01"}]
    told = answer("credit", case("credit", open_orders=orders, horizon_days=0))
    assert told["exposure"] == "1.00"
    told = answer("credit", case("credit", open_orders=orders, horizon_days="1.0"))
    assert told["exposure"] == "3.00"


def test_a_score_is_a_figure_rounded_to_eight_places_first() -> None:
    weights = dict.fromkeys(("scale", "expertise", "coverage", "growth", "collaboration"), 0) | {"scale": 1}
    month = TIER["months"][0]
    told = answer("tier", case("tier", weights=weights, months=[month | {"scale": "69.994999996"}]))
    assert (told["months"][0]["score"], told["months"][0]["move"]) == ("70.00", "promote")
    told = answer("tier", case("tier", weights=weights, months=[month | {"scale": "69.994999994"}]))
    assert (told["months"][0]["score"], told["months"][0]["move"]) == ("69.99", "stay")


def test_in_whole_mode_nothing_travels_before_the_shipment_that_completes() -> None:
    whole = {"buy": 8, "free": 1, "mode": "whole"}

    def free(**more: Any) -> list[int]:
        return list(answer("free-goods", case("free-goods", rule=whole, **more))["free_by_shipment"])

    assert free(shipments=[8, 8]) == [0, 2]
    assert free(shipments=[8, 0, 8, 0]) == [0, 0, 2, 0]
    assert free(shipments=[8]) == [0]
    assert free(ordered=20, cancelled=4, shipments=[8, 8]) == [0, 2]
    assert free(ordered=17, shipments=[16, 1]) == [0, 0]
    assert free(ordered=8, cancelled=8, shipments=[0]) == [0]


def test_an_empty_list_is_as_absent() -> None:
    inclusive = {"buy": 9, "free": 1, "count": "inclusive"}
    told = answer("free-goods", case("free-goods", rule=inclusive, shipments=[], returns=[]))
    assert told == {"entitled": 1, "paid": 15}
    assert "return_credits" not in answer("free-goods", case("free-goods", returns=[]))
    assert answer("free-goods", case("free-goods", shipments=[]))["free_by_shipment"] == []


def test_without_shipments_all_that_is_not_cancelled_counts_as_shipped() -> None:
    returns = [{"paid": 8, "free": 1}]
    told = answer("free-goods", case("free-goods", ordered=20, cancelled=4, unit_price=5, returns=returns))
    assert told["return_credits"] == ["40.00"]
    assert refused(
        "free-goods", ordered=20, cancelled=4, unit_price=5, returns=[{"paid": 17, "free": 0}]
    ) == ("too_many_returned", "returns[0].paid")


@pytest.mark.parametrize("mode", ["unit", "proportional", "whole"])
def test_what_was_paid_comes_back_to_the_cent_however_it_is_returned(mode: str) -> None:
    rule = {"buy": 3, "free": 2, "mode": mode}
    returns = [{"paid": 2, "free": 0}, {"paid": 5, "free": 0}, {"paid": 1, "free": 0}]
    case_ = case("free-goods", rule=rule, ordered=12, unit_price="3.33", returns=returns)
    told = answer("free-goods", case_)
    last = told["explanation"][-1]
    case_["returns"] = [*returns, {"paid": last["still_paid"], "free": last["still_free"]}]
    credits = answer("free-goods", case_)["return_credits"]
    assert sum(round(float(one) * 100) for one in credits) == 12 * 333


@pytest.mark.parametrize(
    ("kind", "changed", "expected"),
    [
        # The form of the whole case is looked at before sums and collisions.
        ("free-goods", {"cancelled": 17, "unit_price": "x"}, ("not_a_number", "unit_price")),
        (
            "free-goods",
            {"cancelled": 17, "returns": [{"paid": 1, "free": 0}]},
            ("missing", "unit_price"),
        ),
        (
            "free-goods",
            {"rule": {"buy": 1, "free": 2, "count": "inclusive"}, "ordered": -1},
            ("negative", "ordered"),
        ),
        (
            "rebate",
            {
                "program": {
                    "method": "retroactive",
                    "tiers": [{"from": 1, "rate": 0}, {"from": 0, "rate": 0}],
                },
                "periods": [{"base": 0.5}],
            },
            ("json_float", "periods[0].base"),
        ),
        (
            "growth",
            {"bands": [{"from": 2, "rate": 0}, {"from": 1, "rate": 0}], "extra": 1},
            ("unknown_key", "extra"),
        ),
        (
            "tier",
            {"current": "none", "months": [{"scale": 101}]},
            ("out_of_range", "months[0].scale"),
        ),
        (
            "tier",
            {"weights": dict.fromkeys(TIER["months"][0], 0), "months": 3},
            ("not_a_list", "months"),
        ),
        (
            "quote",
            {
                "price_lists": [QUOTE["price_lists"][0], QUOTE["price_lists"][0]],
                "lines": [{"sku": "A", "qty": -1}],
            },
            ("negative", "lines[0].qty"),
        ),
        (
            "quote",
            {
                "limits": [{"sku": "A", "action": "block", "clause": "c", "floor": 2, "ceiling": 1}],
                "lines": [{"sku": "A"}],
            },
            ("missing", "lines[0].qty"),
        ),
        (
            "quote",
            {
                "schemes": [
                    {
                        "code": "S",
                        "kind": "step",
                        "steps": [{"from": 2, "amount_off": 1}, {"from": 1, "amount_off": 1}],
                    },
                    {"code": "T", "kind": "special_price"},
                ]
            },
            ("missing", "schemes[1].price"),
        ),
        # Collisions are named at the later value.
        (
            "quote",
            {"lines": [{"sku": "A", "qty": 1}, {"sku": "A", "qty": 2}]},
            ("duplicate", "lines[1].sku"),
        ),
        ("quote", {"price_lists": [QUOTE["price_lists"][0]] * 2}, ("duplicate", "price_lists[1].code")),
        (
            "growth",
            {"bands": [{"from": 2, "rate": 0}, {"from": "1.0", "rate": 0}]},
            ("out_of_order", "bands[1].from"),
        ),
        ("tier", {"current": "none"}, ("unknown_tier", "current")),
        ("free-goods", {"shipments": [10, 7]}, ("too_many_shipped", "shipments[1]")),
        ("free-goods", {"cancelled": 17}, ("too_many_cancelled", "cancelled")),
        # Lists that are too short, keys that are missing, at any depth.
        ("rebate", {"program": {"method": "retroactive", "tiers": []}}, ("empty", "program.tiers")),
        ("growth", {"bands": []}, ("empty", "bands")),
        ("tier", {"tiers": []}, ("empty", "tiers")),
        ("rebate", {"periods": [{}]}, ("missing", "periods[0].base")),
        ("rebate", {"periods": [None]}, ("missing", "periods[0]")),
        ("spread", {"sales": [{"purchase_price": 1, "advised_resale": 1}]}, ("missing", "sales[0].qty")),
        ("stock", {"future": [{"date": "2026-02-30", "qty": 1}]}, ("not_a_date", "future[0].date")),
        ("stock", {"future": [{"date": "2026-02-28", "qty": "1.5"}]}, ("not_whole", "future[0].qty")),
        ("stock", {"on_hand": "1e3"}, ("not_a_number", "on_hand")),
        ("stock", {"on_hand": True}, ("not_a_number", "on_hand")),
        ("stock", {"on_hand": 10**18}, ("too_large", "on_hand")),
        ("spread", {"guaranteed": "1.00001"}, ("too_many_places", "guaranteed")),
        ("quote", {"buyer": {"id": ""}}, ("empty", "buyer.id")),
        ("quote", {"buyer": {"id": "D", "tags": [None]}}, ("missing", "buyer.tags[0]")),
        ("growth", {"strict": "yes"}, ("not_a_boolean", "strict")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused_where_it_is_wrong(
    kind: str, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert refused(kind, **changed) == expected


def test_a_null_key_is_an_absent_one_at_any_depth() -> None:
    assert answer("free-goods", case("free-goods", cancelled=None, extra=None))["paid"] == 16
    assert line(schemes=None, limits=None)["amount"] == "160.00"
    capped = REBATE["program"] | {"cap": None}
    assert answer("rebate", case("rebate", program=capped))["earned"] == "10.00"


def test_the_message_is_in_the_language_of_the_reader() -> None:
    def message(language: str) -> str:
        with translation.override(language):
            told, _ok = answer_all("free-goods", case("free-goods", cancelled=17))
        assert isinstance(told, dict)
        return str(told["message"])

    assert message("en") == "More is cancelled than was ordered."
    assert message("zh-hans") == "取消的数量超过了订购数量。"
