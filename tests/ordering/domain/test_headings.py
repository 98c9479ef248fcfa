"""Order forms are read by their headings, as people make them."""

import pytest

from kernel.spreadsheets import Formula, Row
from ordering.domain.quick_order.headings import find_columns
from ordering.domain.quick_order.pasted_rows import MAX_ROWS, parse_table, parse_text, parse_typed


def parsed(*rows):
    return parse_table(Row(number, cells) for number, cells in enumerate(rows, start=1))


def quantities(found):
    """Return what the rows order: of a line of text by its first reading with a quantity."""
    first = [next(one for one in row.readings if one.quantity) for row in found.rows]
    return [(one.reference, part.qty, part.unit) for one in first for part in one.quantity]


FORM = ["商品编码", "商品名称", "规格", "单位", "数量", "备注"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([FORM, ["A", "鸡粉", "1×4", "箱", 20, ""]], [("A", 20, "箱")]),
        ([["商品编码", "名称", "单价", "单位", "数量"], ["A", "鸡粉", 60, "箱", 20]], [("A", 20, "箱")]),
        ([["商品编码", "数量(箱)"], ["A", 20]], [("A", 20, "箱")]),
        ([["编码", "数量（箱）"], ["A", 20]], [("A", 20, "箱")]),
        ([["序号", "商品编码", "商品名称", "单位", "数量"], [1, "A", "鸡粉", "箱", 20]], [("A", 20, "箱")]),
        (
            [["编码", "名称", "单位", "数量", "单价", "金额"], ["A", "鸡粉", "箱", 20, 60, 1200]],
            [("A", 20, "箱")],
        ),
        (
            [["佳谷订货单", ""], ["", ""], ["商品编码", "数量"], ["A", 20], ["B", 10]],
            [("A", 20, ""), ("B", 10, "")],
        ),
        ([["SKU", "Qty", "Unit"], ["A", "20", "case"]], [("A", 20, "case")]),
        ([["商品名称", "数量"], ["鸡粉", "20箱"]], [("鸡粉", 20, "箱")]),
        ([["编码", "数量"], ["A", "5箱3桶"]], [("A", 5, "箱"), ("A", 3, "桶")]),
        (
            [["编码", "箱数", "散数"], ["A", 5, 3], ["B", "", 2]],
            [("A", 5, "箱"), ("A", 3, "散"), ("B", 2, "散")],
        ),
        ([["编码", "数量"], ["A", "二十箱"], ["合计", 20]], [("A", 20, "箱")]),
        ([["编码", "商品名称", "数量"], ["", "鸡粉", 2]], [("鸡粉", 2, "")]),
        ([["编码", "数量", "单位"], ["A", 2]], [("A", 2, "")]),
        ([["编码", "数量"], ["A", "1,200"]], [("A", 1200, "")]),
        ([["编码", "数量"], ["A", 20, "箱"]], [("A", 20, "箱")]),
        ([["编码", "数量"], ["A", 20, 60]], [("A", 20, "")]),
    ],
)
def test_a_form_is_read_by_its_headings(rows, expected):
    found = parsed(*rows)
    assert (quantities(found), found.problems) == (expected, [])


def test_blank_and_zero_quantities_are_not_ordered_but_counted():
    found = parsed(["SKU", "数量"], ["A", 20], ["B", ""], ["C", 0], ["D"], ["", ""])
    assert (quantities(found), found.problems, found.blank) == ([("A", 20, "")], [], 3)


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (["A", "1,5"], "quantity", "two_meanings"),
        (["A", "1.5"], "quantity", "not_whole"),
        (["A", "-3"], "quantity", "not_positive"),
        (["A", 10**10], "quantity", "too_large"),
        (["A", Formula(3)], "quantity", "formula"),
        ([Formula("A"), 3], "product", "formula"),
        (["", 3], "product", "no_product"),
        (["A" * 500, 3], "row", "too_long"),
    ],
)
def test_what_cannot_be_read_is_named(row, field, reason):
    found = parsed(["编码", "数量"], row)
    assert [(one.number, one.field, one.reason) for one in found.problems] == [(2, field, reason)]


def test_a_problem_can_be_corrected_and_added_again():
    (problem,) = parsed(["编码", "数量(箱)"], ["A", "1,5"]).problems
    assert problem.text == "A\t1,5\t箱"
    assert quantities(parse_text(problem.text.replace("1,5", "15"))) == [("A", 15, "箱")]


def test_a_pasted_form_is_read_by_its_headings_too():
    assert quantities(parse_text("商品编码\t单价\t数量\nA\t60\t20")) == [("A", 20, "")]


def test_a_line_without_tabs_below_headings_with_tabs_is_read_by_itself():
    found = parse_text("商品编码\t数量\nA\t20\n生抽500 3箱")
    assert quantities(found) == [("A", 20, ""), ("生抽500", 3, "箱")]


def test_an_order_above_headings_is_not_lost():
    assert quantities(parse_text("佳谷订货单\nC 3\n商品编码\t数量\nA\t20")) == [("C", 3, ""), ("A", 20, "")]


@pytest.mark.parametrize("typed", ["数量", "编码\t数量", "商品编码,数量"])
def test_headings_in_the_add_field_are_looked_up_as_a_product(typed):
    (line,) = parse_typed(typed)
    assert line.readings[0].reference == " ".join(typed.split())


def test_headings_that_name_no_product_are_passed_over():
    assert quantities(parse_text("\n数量\t单位\nA\t3")) == [("A", 3, "")]


def test_more_rows_than_an_order_has_are_one_problem():
    found = parsed(["编码", "数量"], *[["A", 1]] * (MAX_ROWS + 5))
    assert (len(found.rows), [one.reason for one in found.problems]) == (MAX_ROWS, ["too_many"])


@pytest.mark.parametrize(
    "cells",
    [
        ["编码", "名称"],
        ["数量", "单位"],
        ["A", "20"],
        ["编码", "数量", "订货数量"],
        ["编码", "箱数", "数量(箱)"],
        [],
    ],
)
def test_a_row_that_is_no_heading_or_has_two_of_one_kind_decides_nothing(cells):
    assert find_columns(cells) is None
