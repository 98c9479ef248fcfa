"""Pasted rows, phone numbers, public addresses and the differences of two contracts."""

import pytest

from accounts.domain.phone_numbers import e164
from accounts.domain.webhook_targets import is_public
from alliance.domain.comparison import changes
from kernel.spreadsheets import Formula, Row
from ordering.domain.quick_order.pasted_rows import (
    MAX_UNITS,
    RowProblem,
    parse_table,
    parse_text,
    parse_typed,
)


def table(*rows):
    return parse_table(Row(number, cells) for number, cells in enumerate(rows, start=1))[:2]


def test_empty_rows_between_pasted_ones_are_passed_over():
    rows, problems = table(["A-1", 3], ["", ""], ["A-2", 4])
    assert [(one.reference, one.qty) for one in rows] == [("A-1", 3), ("A-2", 4)]
    assert not problems
    assert parse_text("A-1\t3\n\t\nA-2\t4") == parse_text("A-1\t3\n\t\nA-2\t4")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["A-1", "3.5"], "not_whole"),
        (["A-1", "-x"], "not_whole"),
        (["A-1", "many"], "no_quantity"),
        (["A-1", "0"], "not_positive"),
        (["A-1", str(MAX_UNITS + 1)], "too_large"),
        (["A-1", "1,5"], "not_whole"),
        (["A-1", "1,0000"], "not_whole"),
        (["A-1", "1,500"], None),
        (["A-1", "1,500,000.00"], None),
        (["A-1 3", ""], None),
        (["", "3"], "no_product"),
        (["A" * 399, "10"], "too_long"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row, reason):
    rows, problems = table(row)
    assert [one.reason for one in problems] == ([reason] if reason else [])
    assert bool(rows) == (reason is None)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ([Formula("A-1"), 3], "product"),
        (["A-1", Formula(3)], "quantity"),
        (["A-1", Formula("")], "quantity"),
        (["A-1", Formula(""), "箱"], "quantity"),
        (["A-1", 3, Formula("箱")], "quantity"),
        (["A-1", Formula("酱油"), 3], None),
        (["A-1", 3, "箱", Formula(30)], None),
    ],
)
def test_a_computed_product_or_quantity_is_confirmed_by_a_person(row, field):
    rows, problems = table(row)
    assert [(one.field, one.reason) for one in problems] == ([(field, "formula")] if field else [])
    assert bool(rows) == (field is None)


def test_the_stored_result_of_a_formula_is_offered_as_text():
    _rows, problems = table(["A-1", Formula(24), "箱"])
    assert problems[0].text == "A-1\t24\t箱"
    assert parse_text(problems[0].text)[0][0].qty == 24


def test_one_endless_row_is_too_long_and_not_split():
    _rows, problems, _blank = parse_text("\ufdfa," * 100_000)
    assert [one.reason for one in problems] == ["too_long"]
    assert len(problems[0].text) <= 400


def test_a_typed_name_is_read_as_a_whole_first():
    (line,) = parse_typed("生抽 500")
    assert [(one.reference, one.quantity) for one in line.readings] == [
        ("生抽 500", ()),
        ("生抽", ((500, ""),)),
    ]
    assert parse_typed("  ") == ()


def test_an_endless_line_of_the_add_field_is_refused():
    found = parse_typed("x" * 500)
    assert isinstance(found, RowProblem)
    assert found.reason == "too_long"


@pytest.mark.parametrize(
    ("row", "reference", "quantity"),
    [
        (["A-1", "5箱3桶"], "A-1", ((5, "箱"), (3, "桶"))),
        (["A-1", "鸡粉", "二十箱"], "A-1", ((20, "箱"),)),
        (["A-1", "x20"], "A-1", ((20, ""),)),
        (["20箱", "A-1"], "A-1", ((20, "箱"),)),
        (["A-1 20箱", ""], "A-1", ((20, "箱"),)),
    ],
)
def test_a_quantity_of_a_table_is_read_as_people_write_it(row, reference, quantity):
    ((line,), problems) = table(row)
    assert problems == []
    (reading,) = [one for one in line.readings if one.quantity]
    assert (reading.reference, reading.quantity) == (reference, quantity)


@pytest.mark.parametrize(
    ("line", "goods"),
    [
        ("生抽20箱，老抽 10箱；蚝油5箱", ["生抽20箱", "老抽 10箱", "蚝油5箱"]),
        ("老板好，生抽20箱，谢谢", ["老板好", "生抽20箱", "谢谢"]),
        ("A, 4 箱", ["A, 4 箱"]),
        ("A,酱油,10", ["A,酱油,10"]),
        ("生抽 1,200 瓶", ["生抽 1,200 瓶"]),
        ("👍", ["👍"]),
    ],
)
def test_a_line_between_commas_is_several_goods_if_each_part_has_a_quantity(line, goods):
    assert [row.text for row in parse_text(line).rows] == goods


def test_a_line_with_commas_is_also_read_as_cells():
    (line,) = parse_text("A,酱油,10,箱").rows
    assert ("A", ((10, "箱"),)) in [(one.reference, one.quantity) for one in line.readings]


def test_a_number_of_a_list_before_a_tab_is_no_product():
    (row,) = parse_text("1.\tA-1\t20").rows
    assert row.readings[0].reference == "A-1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("138 0013 8000", "+8613800138000"), ("+44 20 7946 0958", "+442079460958"), ("abc", ""), ("12", "")],
)
def test_a_phone_number_is_kept_in_one_way(typed, kept):
    assert e164(typed) == kept


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("2001:0000:4136:e378:8000:63bf:3fff:fdd2", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("::ffff:127.0.0.1", False),
        ("2606:4700::1111", True),
    ],
)
def test_only_addresses_of_the_open_network_are_dialled(address, public):
    assert is_public(address) is public


def test_two_texts_of_a_contract_tell_what_changed():
    area = {"category": "soy", "region": "441284", "region_name": "四会市", "category_name": "酱油"}
    before = {
        "parties": {"member": {"code": "A1", "name": "Old"}, "dealer": {"code": "D1"}},
        "areas": [area],
        "spreads": [{"sku": "S", "product": "P", "clause": "3.2", "guaranteed": "5", "advised_resale": "9"}],
        "service": {"delivery_hours": 72, "late_fee": "10"},
    }
    after = {
        "parties": {"member": {"code": "A2", "name": "New"}, "dealer": {}},
        "areas": [area | {"region": "441202", "region_name": "端州区"}],
        "spreads": [{"sku": "S", "product": "P", "clause": "3.2", "guaranteed": "6", "advised_resale": "9"}],
        "service": {"delivery_hours": 48, "late_fee": "10"},
    }
    told = [(one.what, one.before, one.after) for one in changes(before, after)]
    assert ("party", "A1 Old", "A2 New") in told
    assert ("party", "D1", "") in told
    assert ("area", "四会市 · 酱油", "") in told
    assert ("area", "", "端州区 · 酱油") in told
    assert ("spread", "5", "6") in told
    assert ("service", "72", "48") in told
    assert len(told) == 6
