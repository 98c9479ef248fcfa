"""The price-spread guarantee. Source: rules.md, spread."""

from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.domain.spread import Sale, SpreadRequest, owed, owed_on
from simulations.operations.simulate import answer, answer_all

prices = st.decimals(0, 1000, places=4)


def sale(purchase: str, resale: str, qty: object) -> dict[str, object]:
    return {"purchase_price": purchase, "advised_resale": resale, "qty": qty}


def test_a_spread_at_the_guarantee_owes_nothing() -> None:
    told = answer("spread", {"guaranteed": "4.50", "sales": [sale("47.50", "52", 9)]})
    assert told["lines"] == [{"spread": "4.50", "shortfall": "0", "amount": "0.00", "kept": True}]


def test_a_member_who_pays_more_than_the_advised_price_has_a_negative_spread() -> None:
    told = answer("spread", {"guaranteed": "4.50", "sales": [sale("53", "52", "10")]})
    assert told["lines"][0] == {
        "spread": "-1",
        "shortfall": "5.50",
        "amount": "55.00",
        "kept": False,
    }


def test_each_line_is_rounded_once_and_the_sum_adds_up() -> None:
    sales = [sale("1", "1", 1), sale("1", "1", 1)]
    told = answer("spread", {"guaranteed": "0.005", "sales": sales})
    assert [line["amount"] for line in told["lines"]] == ["0.01", "0.01"]
    assert told["amount"] == "0.02"
    assert answer("spread", {"guaranteed": "5", "sales": []}) == {"lines": [], "amount": "0.00"}


@given(prices, st.lists(st.builds(Sale, prices, prices, st.integers(0, 10**6))))
def test_what_is_owed_is_never_negative(guaranteed: D, sales: list[Sale]) -> None:
    found = owed(SpreadRequest(guaranteed, tuple(sales)))
    assert found.lines == tuple(owed_on(guaranteed, one) for one in sales)
    assert found.amount == sum((line.amount for line in found.lines), D(0))
    for line, one in zip(found.lines, sales, strict=True):
        assert line.amount >= 0
        assert line.spread + one.purchase_price == one.advised_resale
        assert bool(line.shortfall) is (line.spread < guaranteed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"guaranteed": "-1"}, ("negative", "guaranteed")),
        ({"guaranteed": None}, ("missing", "guaranteed")),
        ({"guaranteed": "1.23456"}, ("too_many_places", "guaranteed")),
        ({"sales": None}, ("missing", "sales")),
        ({"sales": [sale("-1", "1", 1)]}, ("negative", "sales[0].purchase_price")),
        ({"sales": [sale("1", "dear", 1)]}, ("not_a_number", "sales[0].advised_resale")),
        ({"sales": [sale("1", "1", -1)]}, ("negative", "sales[0].qty")),
        ({"sales": [sale("1", "1", "1.5")]}, ("not_whole", "sales[0].qty")),
        (
            {"sales": [sale("1", "1", 1) | {"observed_resale": "2"}]},
            ("unknown_key", "sales[0].observed_resale"),
        ),
    ],
)
def test_a_case_that_makes_no_sense_is_refused(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    told, ok = answer_all("spread", {"guaranteed": "1", "sales": []} | changed)
    assert not ok
    assert isinstance(told, dict)
    assert (told["error"], told["field"]) == expected
