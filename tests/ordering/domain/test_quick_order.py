"""The quick order's rules: merged lines, edits, alternatives for blocked lines, the next step of a scheme."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from kernel.spreadsheets import Row, plain_row
from ordering.domain.quick_order import alternatives, next_step
from ordering.domain.quick_order.alternatives import with_alternatives
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct, lines_in_two_units, merge_lines
from ordering.domain.quick_order.edits import (
    DraftEdit,
    EditedDraft,
    PostedRow,
    apply_edit,
    picked_text,
    read_picked,
    without_row,
)
from ordering.domain.quick_order.row_problems import Candidate
from ordering.domain.quick_order.sheet_rows import sheet_rows
from pricing.domain import quote_case
from pricing.domain.quote import quote

MAX_LINES = 5000


def product(sku, *units):
    return SheetProduct(uuid4(), sku, f"Product {sku}", "bottle", "on_sale", units)


PRODUCTS = {"A": product("A", ("case", 6)), "B": product("B")}


def priced(lines, *, schemes=(), limits=(), prices=(("A", "10"), ("B", "5"))):
    entries = [{"sku": sku, "price": price} for sku, price in prices]
    case = {
        "on": "2026-01-01",
        "buyer": {"id": "B"},
        "price_lists": [{"code": "L", "audience": {"kind": "everyone"}, "entries": entries}],
        "schemes": list(schemes),
        "limits": list(limits),
        "lines": [{"sku": sku, "qty": qty} for sku, qty in lines],
    }
    return quote_case.read(case)


def rows_of(request, lines, blocked=(), stock=None):
    """Return the rows of the lines and the quote of those that are not blocked."""
    everything = quote(request)
    found = quote(replace(request, lines=[line for line in request.lines if line.sku not in dict(blocked)]))
    states = {sku: (state, one) for sku, state in blocked for one in everything.lines if one.sku == sku}
    return sheet_rows(lines, PRODUCTS, states, found, stock), found


FREE = {"code": "F", "kind": "free_goods", "skus": ["A"], "buy": 8, "free": 1}
STEPS = {
    "code": "S",
    "kind": "step",
    "measure": "quantity",
    "skus": ["A"],
    "steps": [{"from": "10", "percent_off": "0.05"}, {"from": "20", "percent_off": "0.10"}],
}


def test_a_unit_may_be_typed_in_english_where_its_chinese_name_is_stored():
    soy = SheetProduct(uuid4(), "A", "Soy", "瓶", "on_sale", (("箱", 6), ("整托", 60)))
    typed = ("箱", "case", "Cases", "bottles", "整托", "pallet")
    assert [soy.unit_named(unit) for unit in typed] == ["箱", "箱", "箱", "", "整托", None]


def test_a_unit_has_its_base_units_and_an_unknown_one_has_none():
    assert [PRODUCTS["A"].factor(unit) for unit in ("", "bottle", "case", "crate")] == [1, 1, 6, 0]


def test_lines_of_one_product_become_one():
    lines = [CartLine("A", 2, "case"), CartLine("B", 1)]
    merged, problems = merge_lines(lines, [CartLine("A", 1, "case"), CartLine("B", 2)], PRODUCTS)
    assert (merged, problems) == ([CartLine("A", 3, "case"), CartLine("B", 3)], [])


def test_two_units_of_one_product_are_added_in_base_units():
    added = [CartLine("A", 3)]
    assert lines_in_two_units([CartLine("A", 2, "case"), *added]) == {"A"}
    assert merge_lines([CartLine("A", 2, "case")], added, PRODUCTS) == ([CartLine("A", 15)], [])


def test_what_an_order_has_no_room_for_is_a_problem():
    full = [CartLine(f"S{number}", 1) for number in range(MAX_LINES)]
    lines, (problem,) = merge_lines(full, [CartLine("A", 2, "case")], PRODUCTS)
    assert len(lines) == MAX_LINES
    assert (problem.reason, problem.text) == ("too_many", "A 2 case")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (DraftEdit(action="remove", sku="A"), [CartLine("B", 1)]),
        (DraftEdit(action="more", sku="A", count=3), [CartLine("A", 5, "case"), CartLine("B", 1)]),
        (DraftEdit(action="set", sku="A", count=7), [CartLine("A", 7, "case"), CartLine("B", 1)]),
        (DraftEdit(rows=[PostedRow("A", " ", "case")]), [CartLine("B", 1)]),
        (DraftEdit(rows=[PostedRow("A", "00", "case")]), [CartLine("B", 1)]),
        (DraftEdit(rows=[PostedRow("A", "１，２００", "")]), [CartLine("A", 1200), CartLine("B", 1)]),
        (DraftEdit(rows=[PostedRow("A", "二十", "")]), [CartLine("A", 20), CartLine("B", 1)]),
        (DraftEdit(rows=[PostedRow("A", "4", "")]), [CartLine("A", 4), CartLine("B", 1)]),
    ],
)
def test_an_edit_changes_its_lines_alone(edit, expected):
    assert apply_edit([CartLine("A", 2, "case"), CartLine("B", 1)], edit) == (expected, [])


def test_a_wrong_quantity_keeps_the_old_one_and_is_a_problem():
    rows = [PostedRow("A", "x", "case"), PostedRow("B", "9" * 30, ""), PostedRow("B", "1,5", "")]
    lines, problems = apply_edit([CartLine("A", 2, "case"), CartLine("B", 1)], DraftEdit(rows=rows))
    assert lines == [CartLine("A", 2, "case"), CartLine("B", 1)]
    assert [problem.reason for problem in problems] == ["not_whole", "too_large", "two_meanings"]


def test_a_day_of_a_sheet_is_read_without_its_midnight():
    midnight = datetime.fromisoformat("2026-03-01T00:00:00")
    row = plain_row(Row(1, [midnight, midnight.replace(hour=8), "'-A1", "'s"]))
    assert row.cells == ["2026-03-01", "2026-03-01 08:00:00", "-A1", "'s"]


def test_a_row_says_its_prices_for_its_unit():
    special = {"code": "P", "kind": "special_price", "skus": ["A"], "price": "9"}
    request = priced([("A", 12), ("B", 1)], schemes=[special])
    (first, second), _found = rows_of(request, [CartLine("A", 2, "case"), CartLine("B", 1)])
    assert (first.unit_name, second.unit_name) == ("case", "bottle")
    assert (first.list_price, first.price, first.net_price) == (Decimal(60), Decimal(54), Decimal(54))
    assert second.list_price is None


def test_a_row_without_a_price_says_none_and_has_no_alternative():
    request = priced([("A", 12)], prices=[("B", "5")])
    rows, found = rows_of(request, [CartLine("A", 2, "case")], blocked=[("A", "no_price")])
    assert (rows[0].price, rows[0].net_price) == (None, None)
    assert with_alternatives(rows, request, found, None) == rows


def test_short_of_stock_the_alternative_leaves_room_for_the_free_units():
    request = priced([("A", 16)], schemes=[FREE])
    rows, found = rows_of(request, [CartLine("A", 16)], blocked=[("A", "short")], stock={"A": 10})
    (row,) = with_alternatives(rows, request, found, {"A": 10})
    assert row.alternative == 9


def test_a_price_below_the_floor_at_any_quantity_has_no_alternative(monkeypatch):
    floor = {"sku": "A", "action": "block", "clause": "3.2", "floor": "11"}
    request = priced([("A", 16), ("B", 1)], schemes=[FREE], limits=[floor])
    lines = [CartLine("A", 16), CartLine("B", 1)]
    rows, found = rows_of(request, lines, blocked=[("A", "block")])
    first, second = with_alternatives(rows, request, found, None)
    assert (first.alternative, first.breaks_floor, second) == (0, True, rows[1])
    monkeypatch.setattr(alternatives, "MAX_TRIES", 0)
    assert with_alternatives(rows, request, found, None)[0].alternative == 0


def test_of_a_long_sheet_only_the_blocked_product_is_priced_again(monkeypatch):
    monkeypatch.setattr(alternatives, "MAX_LINES_PRICED_AGAIN", 1)
    floor = {"sku": "A", "action": "block", "clause": "3.2", "floor": "9.5"}
    request = priced([("A", 9), ("B", 1)], schemes=[FREE], limits=[floor])
    rows, found = rows_of(request, [CartLine("A", 9), CartLine("B", 1)], blocked=[("A", "block")])
    assert with_alternatives(rows, request, found, None)[0].alternative == 7


def nearest(lines, *schemes, **more):
    request = priced([(line.sku, line.qty) for line in lines], schemes=schemes, **more)
    rows, found = rows_of(request, lines)
    return next_step.next_step(request, found, rows)


def test_the_next_step_says_what_is_missing_and_what_reaches_it():
    near = nearest([CartLine("A", 12)], STEPS)
    assert (near.missing, near.adds) == (Decimal(8), 8)
    assert (near.saves, near.would_save) == (Decimal("6.00"), Decimal("20.00"))
    assert nearest([CartLine("A", 30)], STEPS) is None
    assert nearest([CartLine("B", 1)], STEPS) is None


def test_a_step_that_no_addition_reaches_has_none(monkeypatch):
    monkeypatch.setattr(next_step, "MAX_ADDED_UNITS", 8)
    assert nearest([CartLine("A", 12)], STEPS).adds == 0
    monkeypatch.setattr(next_step, "MAX_ADDED_UNITS", 100)
    monkeypatch.setattr(next_step, "_outcome_with", lambda *arguments: None)
    assert nearest([CartLine("A", 12)], STEPS).adds == 0


def test_a_product_is_ordered_in_its_smallest_larger_unit():
    assert [PRODUCTS[sku].ordering_unit for sku in ("A", "B")] == ["case", ""]


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("case", "case"),
        ("Case", "case"),
        ("bottle", ""),
        ("BOTTLE", ""),
        ("散", ""),
        ("crate", None),
        ("", None),
    ],
)
def test_a_unit_is_known_in_any_spelling(typed, unit):
    assert PRODUCTS["A"].unit_named(typed) == unit


def test_stock_that_is_promised_away_leaves_no_alternative():
    request = priced([("A", 16)], schemes=[FREE])
    rows, found = rows_of(request, [CartLine("A", 16)], blocked=[("A", "short")], stock={"A": 10})
    assert with_alternatives(rows, request, found, {"A": -50})[0].alternative == 0


def test_without_progress_or_covered_rows_there_is_no_next_step(monkeypatch):
    request = priced([("A", 12)], schemes=[STEPS])
    rows, found = rows_of(request, [CartLine("A", 12)])
    (outcome,) = found.schemes
    assert next_step._share_missing(replace(outcome, progress=None)) == 1
    (scheme,) = request.schemes
    assert next_step._step(scheme, outcome, request, found, []) is None
    monkeypatch.setattr(next_step, "_outcome_with", lambda *arguments: outcome)
    assert next_step._step(scheme, outcome, request, found, rows).adds == 0


def test_a_gift_of_the_same_product_lowers_the_net_price():
    gift = {"code": "G", "kind": "free_goods", "skus": ["A"], "buy": 10, "free": 2, "gift_sku": "B"}
    request = priced([("A", 10), ("B", 2)], schemes=[gift])
    rows, _found = rows_of(request, [CartLine("A", 10), CartLine("B", 2)])
    assert [row.gifts for row in rows] == [0, 2]
    assert (rows[1].price, rows[1].net_price) == (Decimal(5), Decimal("2.50"))


def test_an_edited_draft_as_text_names_every_unit():
    edited = EditedDraft([CartLine("A", 2, "case"), CartLine("B", 1), CartLine("C", 3)], unread="NOPE 4")
    assert edited.as_text({"A": "bottle", "B": "bottle"}) == "A\t2\tcase\nB\t1\tbottle\nC\t3\t\nNOPE 4"


def test_a_candidate_of_a_row_is_sent_with_the_row():
    candidate = Candidate("A", "Soy", "bottle", ((5, "case"), (3, "")), 33)
    sent = picked_text(candidate, "soy\t5")
    assert read_picked(sent) == ("A", "5case3bottle", "soy\t5")
    assert without_row("soy\t5\nrice 3", "soy\t5") == "rice 3"
    assert without_row("rice 3", "soy 5") == "rice 3"
