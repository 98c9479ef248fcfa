"""Credit. Source: rules.md, credit."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from ledger.domain.credit import OpenOrder, due_within
from simulations.operations.simulate import answer, answer_all


def case(**changed: Any) -> dict[str, Any]:
    return {
        "today": "2026-06-01",
        "limit": "100",
        "open_items": "40",
        "unapplied_receipts": "0",
        "delivered_not_invoiced": "10",
        "order": {"amount": "50"},
    } | changed


def decided(**changed: Any) -> tuple[str, list[str]]:
    told = answer("credit", case(**changed))
    return told["decision"], told["reasons"]


def test_no_more_than_the_headroom_passes() -> None:
    assert decided() == ("pass", [])
    assert decided(order={"amount": "50.01"}) == ("hold", ["over_limit"])


def test_more_received_than_owed_makes_room_beyond_the_limit() -> None:
    told = answer("credit", case(unapplied_receipts="80", order={"amount": "130"}))
    assert (told["exposure"], told["available"], told["decision"]) == ("-30.00", "130.00", "pass")


def test_what_is_available_may_be_negative() -> None:
    told = answer("credit", case(open_items="200", order={"amount": "0"}))
    assert (told["available"], told["decision"]) == ("-110.00", "hold")


def test_only_the_order_less_the_deposit_received_counts() -> None:
    assert decided(order={"amount": "80", "deposit_received": "30"})[0] == "pass"
    assert decided(order={"amount": "80.01", "deposit_received": "30"})[0] == "hold"


def test_a_deposit_beyond_the_order_is_no_headroom() -> None:
    order = {"amount": "5", "deposit_received": "500"}
    assert decided(order=order) == ("pass", [])
    assert decided(order=order, open_items="90.01") == ("hold", ["over_limit"])


def test_the_last_day_of_the_horizon_counts() -> None:
    orders = [OpenOrder(D(n), date(2026, 6, n)) for n in (1, 2, 4)]
    orders.append(OpenOrder(D(100), date(2026, 5, 1)))
    today = date(2026, 6, 1)
    assert [due_within(orders, today, days) for days in (0, 1, 2, 3, None)] == [
        101,
        103,
        103,
        107,
        107,
    ]


def test_a_horizon_beyond_the_calendar_counts_every_order() -> None:
    far = [{"amount": "1", "due": "9999-12-31"}]
    told = answer("credit", case(open_orders=far, horizon_days=10**9))
    assert told["exposure"] == "51.00"
    assert told["explanation"] == {
        "limit": "100.00",
        "temporary": "0.00",
        "open_items": "40.00",
        "unapplied_receipts": "0.00",
        "delivered_not_invoiced": "10.00",
        "open_orders_counted": "1.00",
        "asked": "50.00",
    }


def test_overdue_holds_only_strictly_beyond_the_maximum() -> None:
    assert decided(max_overdue_days=15, oldest_overdue_days=15)[0] == "pass"
    assert decided(max_overdue_days=15, oldest_overdue_days=16) == ("hold", ["overdue"])
    assert decided(max_overdue_days=0, oldest_overdue_days=1) == ("hold", ["overdue"])
    assert decided(oldest_overdue_days=999)[0] == "pass"
    assert decided(max_overdue_days=0)[0] == "pass"


def test_both_reasons_are_given() -> None:
    told = decided(order={"amount": "51"}, max_overdue_days=0, oldest_overdue_days=1)
    assert told == ("hold", ["over_limit", "overdue"])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"limit": "-1"}, ("negative", "limit")),
        ({"limit": None}, ("missing", "limit")),
        ({"open_items": 1.5}, ("json_float", "open_items")),
        ({"today": "today"}, ("not_a_date", "today")),
        ({"today": None}, ("missing", "today")),
        ({"order": None}, ("missing", "order")),
        ({"order": {}}, ("missing", "order.amount")),
        ({"order": {"amount": "-1"}}, ("negative", "order.amount")),
        ({"order": {"amount": "1", "deposit": "1"}}, ("unknown_key", "order.deposit")),
        ({"horizon_days": -1}, ("negative", "horizon_days")),
        ({"horizon_days": "1.5"}, ("not_whole", "horizon_days")),
        ({"open_orders": [{"amount": "1"}]}, ("missing", "open_orders[0].due")),
        ({"open_orders": [{"amount": "x", "due": "2026-06-01"}]}, ("not_a_number", "open_orders[0].amount")),
        ({"max_overdue_days": "soon"}, ("not_a_number", "max_overdue_days")),
        ({"oldest_overdue_days": -1}, ("negative", "oldest_overdue_days")),
        ({"currency": "CNY"}, ("unknown_key", "currency")),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("credit", case(**changed))
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
