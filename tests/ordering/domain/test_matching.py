"""Rows are matched with products: a whole name first, then a quantity split off; guesses are asked for."""

from uuid import uuid4

import pytest

from kernel.spelling import name_key
from ordering.domain.quick_order.cart_lines import SheetProduct
from ordering.domain.quick_order.guesses import (
    Found,
    by_bare_number,
    guess,
    question_about_number,
    searched_references,
)
from ordering.domain.quick_order.matching import (
    BY_BARCODE,
    BY_NAME,
    BY_SKU,
    MAX_CANDIDATES,
    Match,
    match_rows,
)
from ordering.domain.quick_order.pasted_rows import PastedRow, parse_text
from ordering.domain.quick_order.row_problems import Candidate, RowProblem


def product(sku, name="", units=(("箱", 4),), stage="active"):
    return SheetProduct(uuid4(), sku, name or f"商品{sku}", "桶", stage, units)


SOY = product("LZ-CE-25", "珠江厨鸡粉908g")
GOODS = (
    SOY,
    product("QX-1"),
    product("QX-12"),
    product("qy-1"),
    product("QY-1"),
    product("P-5", "复合调味汁 500"),
    product("P-6", "复合调味汁"),
    product("N-1", "鸡粉"),
    product("B-1", "无箱", units=()),
    product("E-1", "停产", stage="ended"),
    product("T-1", "同名"),
    product("T-2", "同名"),
)
BARCODES = {"6901234567892": ("LZ-CE-25", ""), "16901234567899": ("LZ-CE-25", "箱")}


def matches_of(rows):
    """Return what the database finds: SKUs, barcodes and names in any spelling."""
    found: dict[str, list[Match]] = {}
    for reference in {reading.reference for row in rows for reading in row.readings}:
        for one in GOODS:
            if name_key(one.sku) == name_key(reference):
                found.setdefault(reference, []).append(Match(one, BY_SKU, one.sku == reference))
            if name_key(one.name) == name_key(reference):
                found.setdefault(reference, []).append(Match(one, BY_NAME, one.name == reference))
        if reference in BARCODES:
            sku, unit = BARCODES[reference]
            one = next(one for one in GOODS if one.sku == sku)
            found.setdefault(reference, []).append(Match(one, BY_BARCODE, True, unit))
    return found


def matched(text, **options):
    rows = parse_text(text).rows
    return match_rows(rows, matches_of(rows), **options)


def ordered(text, **options):
    found = matched(text, **options)
    assert (found.problems, found.unknown) == ([], [])
    return [(line.sku, line.qty, line.unit) for line in found.lines]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("LZ-CE-25 20", [("LZ-CE-25", 20, "箱")]),
        ("lz–ce–25 20 桶", [("LZ-CE-25", 20, "")]),
        ("LZ-CE-25\t20", [("LZ-CE-25", 20, "箱")]),
        ("珠江厨鸡粉908g20箱", [("LZ-CE-25", 20, "箱")]),
        ("珠江廚雞粉 908g 二十箱", [("LZ-CE-25", 20, "箱")]),
        ("LZ-CE-25 5箱3桶", [("LZ-CE-25", 5, "箱"), ("LZ-CE-25", 3, "")]),
        ("qx-1 5\nQX-1 3", [("QX-1", 5, "箱"), ("QX-1", 3, "箱")]),
        ("qy-1 5\nQY-1 3", [("qy-1", 5, "箱"), ("QY-1", 3, "箱")]),
        ("复合调味汁 20箱", [("P-6", 20, "箱")]),
        ("复合调味汁 500 20箱", [("P-5", 20, "箱")]),
        ("B-1 7", [("B-1", 7, "")]),
        ("6901234567892 2", [("LZ-CE-25", 2, "")]),
        ("16901234567899 2", [("LZ-CE-25", 2, "箱")]),
        ("6901234567892 2箱", [("LZ-CE-25", 2, "箱")]),
        ("老板，来20箱LZ-CE-25，谢谢", [("LZ-CE-25", 20, "箱")]),
    ],
)
def test_a_row_orders_the_product_that_it_names(text, lines):
    assert ordered(text) == lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("复合调味汁 500", ("P-5", 1, "箱")),
        ("LZ-CE-25", ("LZ-CE-25", 1, "箱")),
        ("B-1", ("B-1", 1, "")),
        ("6901234567892", ("LZ-CE-25", 1, "")),
        ("16901234567899", ("LZ-CE-25", 1, "箱")),
    ],
)
def test_a_name_in_the_add_field_is_one_of_its_unit(text, line):
    assert ordered(text, one_without_quantity=True) == [line]


@pytest.mark.parametrize(
    ("text", "field", "reason", "candidates"),
    [
        ("LZ-CE-25", "quantity", "no_quantity", ["1箱"]),
        ("复合调味汁500", "product", "ambiguous", ["1箱", "500箱"]),
        ("Qy-1 3", "product", "ambiguous", ["3箱", "3箱"]),
        ("同名 3", "product", "ambiguous", ["3箱", "3箱"]),
        ("同名", "product", "ambiguous", ["1箱", "1箱"]),
        ("LZ-CE-25 3托", "unit", "unit", ["3桶", "3箱"]),
        ("LZ-CE-25 3托2桶", "unit", "unit", []),
        ("LZ-CE-25 1,5", "quantity", "two_meanings", []),
        ("LZ-CE-25 0", "quantity", "not_positive", []),
        ("E-1 3", "product", "ended", []),
    ],
)
def test_a_row_that_is_not_clear_is_a_problem(text, field, reason, candidates):
    (problem,) = matched(text).problems
    assert (problem.field, problem.reason) == (field, reason)
    assert [one.quantity for one in problem.candidates] == candidates


@pytest.mark.parametrize("text", ["1234 10", "鸡粉王 3", "商品", "LZ 3", "鸡粉 908g"])
def test_a_row_that_names_nothing_exactly_is_not_ordered(text):
    found = matched(text)
    assert (found.lines, found.problems, len(found.unknown)) == ([], [], 1)


def test_greetings_are_listed_and_goods_that_are_called_so_are_ordered():
    found = matched("你好\nLZ-CE-25 20箱\n谢谢老板\n电话 13800138000")
    assert found.remarks == ["你好", "谢谢老板", "电话 13800138000"]
    assert [line[:3] for line in found.lines] == [("LZ-CE-25", 20, "箱")]


def guessed(text, found):
    (row,) = parse_text(text).rows
    return guess(row, found, matches_of([row]))


def test_a_guess_shows_the_products_with_the_quantity_that_was_written():
    problem = guessed("生抽王 20", {"生抽王": Found([SOY], 1)})
    assert (problem.reason, problem.only) == ("guess", problem.candidates[0])
    assert problem.candidates == (Candidate("LZ-CE-25", SOY.name, "桶", ((20, "箱"),), 80),)


def test_a_guess_says_how_many_more_there_are():
    many = [product(f"S{n}") for n in range(MAX_CANDIDATES)]
    problem = guessed("商品 20箱", {"商品": Found(many, 12)})
    assert (len(problem.candidates), problem.more, problem.only) == (MAX_CANDIDATES, 7, None)


def test_the_whole_text_is_offered_first_where_its_numbers_are_the_products():
    other = product("LZ-CE-21", "珠江厨鸡粉40g")
    text = "珠江鸡粉 908"
    problem = guessed(text, {text: Found([SOY], 1), "珠江鸡粉": Found([other, SOY], 2)})
    assert [(one.sku, one.quantity) for one in problem.candidates] == [
        ("LZ-CE-25", "1箱"),
        ("LZ-CE-21", "908箱"),
        ("LZ-CE-25", "908箱"),
    ]
    problem = guessed("珠江鸡粉 9", {"珠江鸡粉 9": Found([SOY], 1), "珠江鸡粉": Found([SOY], 1)})
    assert [one.quantity for one in problem.candidates] == ["9箱"]
    problem = guessed("珠江鸡粉 9", {"珠江鸡粉 9": Found([SOY], 1)})
    assert [one.quantity for one in problem.candidates] == ["1箱"]


def test_what_is_left_out_with_numbers_is_asked_for():
    problem = guessed("LZ-CE-25 20箱 要新日期", {})
    assert [(one.sku, one.quantity) for one in problem.candidates] == [("LZ-CE-25", "20箱")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1234 10", "unknown"),
        ("没有", "no_quantity"),
        ("没有 1.5", "not_whole"),
        ("没有 1,5", "two_meanings"),
    ],
)
def test_without_a_guess_the_problem_is_named(text, reason):
    assert guessed(text, {}).reason == reason


def test_two_meanings_of_a_quantity_are_not_guessed():
    assert guessed("生抽王 1,5", {"生抽王": Found([SOY], 1)}).candidates == ()


def test_a_number_alone_is_never_searched():
    assert [searched_references(row) for row in parse_text("1234 10\n生抽王 5").rows] == [
        [],
        ["生抽王 5", "生抽王"],
    ]
    assert searched_references(PastedRow(1, "1234", 10, "", "1234 10")) == []


def test_a_quantity_in_base_units_needs_no_conversion():
    assert Candidate("A", "甲", "桶", ((20, ""),), 20).is_in_base_units
    assert not Candidate("A", "甲", "桶", ((20, "箱"),), 80).is_in_base_units
    assert RowProblem(1, "product", "unknown", "x").only is None


def test_a_bare_number_beside_a_name_may_be_the_number_of_another_product():
    (row,) = parse_text("鸡粉 908").rows
    certain = by_bare_number(row, matches_of([row]))
    assert certain.product.sku == "N-1"
    problem = question_about_number(row, certain, {"鸡粉 908": [SOY]})
    assert (problem.reason, [(one.sku, one.quantity) for one in problem.candidates]) == (
        "ambiguous",
        [("LZ-CE-25", "1箱"), ("N-1", "908箱")],
    )
    assert question_about_number(row, certain, {"鸡粉 908": []}) is None
    assert [one.sku for one in question_about_number(row, certain, None).candidates] == ["N-1"]


@pytest.mark.parametrize("text", ["鸡粉 908箱", "鸡粉", "N-1 908", "没有 908"])
def test_a_number_with_a_unit_or_beside_a_sku_is_a_quantity(text):
    (row,) = parse_text(text).rows
    assert by_bare_number(row, matches_of([row])) is None


def test_in_a_table_the_columns_say_which_number_is_the_quantity():
    (row,) = parse_text("鸡粉\t908").rows
    assert by_bare_number(row, matches_of([row])) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("生抽500 20箱 鸡精 5箱", ["生抽500 20箱", "鸡精 5箱"]),
        ("生抽20箱 鸡精二箱 料酒 3 箱", ["生抽20箱", "鸡精二箱", "料酒 3 箱"]),
        ("生抽 5箱 3桶 鸡精 2箱", ["生抽 5箱 3桶", "鸡精 2箱"]),
        ("20箱 生抽 5箱 鸡精", ["20箱 生抽", "5箱 鸡精"]),
        ("生抽 500ml*12瓶 20箱", ["生抽 500ml*12瓶 20箱"]),
        ("生抽 20箱 鸡精", ["生抽 20箱 鸡精"]),
        ("20箱 生抽 5箱", ["20箱 生抽 5箱"]),
        ("生抽20箱鸡精5箱", ["生抽20箱鸡精5箱"]),
        ("生抽 20箱 12 5箱", ["生抽 20箱 12 5箱"]),
    ],
)
def test_goods_in_one_line_are_split_where_each_has_its_quantity(text, parts):
    assert [row.text for row in parse_text(text).rows] == parts


@pytest.mark.parametrize("text", ["生抽20箱鸡精5箱", "20箱 生抽 5箱"])
def test_goods_in_one_line_that_are_not_split_are_unknown_with_the_reason(text):
    assert guessed(text, {}).reason == "several"
