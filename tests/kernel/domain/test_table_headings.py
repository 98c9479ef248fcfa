"""Headings of tables in both languages, and what a person is asked where they are not certain."""

import pytest

from kernel.spreadsheets import (
    Formula,
    Meaning,
    Row,
    ask_about,
    chosen_headings,
    pack_rows,
    plain_row,
    read_headings,
    unpack_rows,
)
from kernel.spreadsheets.column_choice import columns_of_numbers, is_serial
from kernel.spreadsheets.headings import is_total, join_heading_rows


def plain(*rows):
    return [plain_row(Row(number, cells)) for number, cells in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("heading", "meaning", "unit"),
    [
        ("商品编码", "sku", ""),
        ("* 商品编码：", "sku", ""),
        ("Item Code", "sku", ""),
        ("item_code", "sku", ""),
        ("編號", "sku", ""),
        ("商品条形码", "barcode", ""),
        ("EAN-13", "barcode", ""),
        ("品名", "name", ""),
        ("Product", "name", ""),
        ("名称/规格", "name", "规格"),
        ("订货数量", "quantity", ""),
        ("本次要货量", "quantity", ""),
        ("Qty.", "quantity", ""),
        ("Quantity Ordered", "quantity", ""),
        ("数量（箱）", "quantity", "箱"),
        ("数量[箱]", "quantity", "箱"),
        ("数量【箱】", "quantity", "箱"),
        ("数量/箱", "quantity", "箱"),
        ("数量(单位：箱)", "quantity", "箱"),
        ("数量(必填)", "quantity", ""),
        ("箱数", "quantity", "箱"),
        ("订货箱数", "quantity", "箱"),
        ("散数", "quantity", "散"),
        ("件数", "quantity", ""),
        ("Cases", "quantity", "cases"),
        ("瓶", "quantity", "瓶"),
        ("单位", "unit", ""),
        ("UOM", "unit", ""),
        ("单价(元)", "price", ""),
        ("单价(元/箱)", "price", "箱"),
        ("单价/箱", "price", "箱"),
        ("Unit Price (RMB/case)", "price", "case"),
        ("价格(含税)", "price", ""),
        ("箱价", "price", "箱"),
        ("每", "per", ""),
        ("起订量(箱)", "min_qty", "箱"),
        ("MOQ", "min_qty", ""),
        ("库存数量", None, ""),
        ("装箱数", None, ""),
        ("规格(瓶/箱)", None, ""),
        ("金额(元)", None, ""),
        ("备注", None, ""),
        ("建议零售价", "advised_resale", ""),
        ("序号", None, ""),
        ("基本单位", None, ""),
        ("", None, ""),
    ],
)
def test_a_heading_has_a_meaning_and_a_unit(heading, meaning, unit):
    (found,) = read_headings(plain([heading])[0].cells)
    assert (found.meaning, found.unit) == (meaning, unit)


def test_a_general_word_gives_way_to_a_special_one():
    assert [one.place for one in read_headings(["编号", "商品编码"]).of(Meaning.SKU)] == [1]
    assert [one.place for one in read_headings(["编号", "数量"]).of(Meaning.SKU)] == [0]
    assert read_headings(["编号", "商品编码", "数量"]).certain == {1: Meaning.SKU, 2: Meaning.QUANTITY}


def test_a_product_is_named_by_its_sku_then_its_barcode_then_its_name():
    headings = read_headings(["品名", "条码", "编码"])
    assert headings.reference(["鸡粉", "690", "A"]) == (2, "A")
    assert headings.reference(["鸡粉", "690", ""]) == (1, "690")
    assert headings.reference(["鸡粉"]) == (0, "鸡粉")
    assert headings.reference([]) == (2, "")
    assert read_headings(["数量"]).reference(["3"]) == (-1, "")


@pytest.mark.parametrize("cells", [["合计", "3"], ["", "总计："], ["Grand Total", ""], ["小计:"]])
def test_a_sum_below_is_no_row(cells):
    assert is_total(plain(cells)[0].cells)
    assert not is_total(["A", "合计"])
    assert not is_total([])


def test_headings_in_two_rows_become_one():
    rows = [
        Row(1, ["订货单"]),
        Row(3, ["编码", "数量", "", "备注"]),
        Row(4, ["", "箱", "桶"]),
        Row(5, ["A", 1, 2, ""]),
    ]
    joined = join_heading_rows(rows)
    assert [row.number for row in joined] == [1, 3, 5]
    assert joined[1].cells == ["编码", "数量(箱)", "数量(桶)", "备注"]


@pytest.mark.parametrize(
    "rows",
    [
        [["编码", "数量"], ["A", 3]],
        [["编码", "数量"], ["", "", ""]],
        [["编码", "数量"], ["", "三"]],
        [["编码", "数量"]],
        [["数量"], ["箱"]],
    ],
)
def test_other_rows_below_headings_stay(rows):
    given = [Row(number, cells) for number, cells in enumerate(rows, start=1)]
    assert join_heading_rows(given) == given


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([["A", "60.00", "20"], ["B", "面议", "10"]], [1, 2]),
        ([["A", "2.5kg", "20箱"], ["B", "3.5kg", "二十箱"]], [1, 2]),
        ([["东西", "几个"], ["A", "¥1,200"], ["B", "3"]], [1]),
        ([["生抽500", "-3"]], [1]),
        ([["A", "", ""], []], []),
        ([], []),
    ],
)
def test_columns_of_numbers_are_found(rows, numbers):
    assert columns_of_numbers(plain(*rows)) == numbers


def test_a_column_that_counts_the_rows_is_serial():
    assert is_serial(plain(["序", "x"], ["1", "A"], ["2", "B"]))
    assert not is_serial(plain(["1", "A"], ["3", "B"]))
    assert not is_serial(plain(["A", "1"]))


def test_a_question_shows_each_column_with_its_first_values():
    rows = plain(["货号", "原价", "", "数量", "订货数量"], *[[f"A{n}", n, "", 5, n + 1] for n in range(6)])
    asked = ask_about(rows, 0)
    assert [(one.place, one.label, one.likely) for one in asked.columns] == [
        (0, "货号", Meaning.SKU),
        (1, "原价", None),
        (3, "数量", None),
        (4, "订货数量", None),
    ]
    assert asked.columns[0].values == ("A0", "A1", "A2", "A3")
    assert ask_about(plain(["东西", "几个"], ["A", 3])).headings_at == 0
    without = ask_about(plain(["A", 3], ["B", 4]))
    assert (without.headings_at, [one.label for one in without.columns]) == (-1, ["A", "B"])
    assert ask_about([]).columns == []


def test_a_chosen_column_keeps_the_unit_of_its_heading():
    asked = ask_about(plain(["货号", "数量(箱)", "订货数量"], ["A", 3, 4]), 0)
    chosen = chosen_headings(asked, {1: Meaning.QUANTITY, 0: Meaning.SKU})
    assert [(one.place, one.meaning, one.unit) for one in chosen] == [(0, "sku", ""), (1, "quantity", "箱")]
    assert chosen_headings(ask_about(plain(["A", 3, 4])), {0: Meaning.SKU})[0].unit == ""


def test_rows_travel_through_a_form():
    rows = [plain_row(Row(4, ["Ａ", Formula(3), "x\ty"])), plain_row(Row(9, []))]
    packed = pack_rows(rows)
    assert [plain_row(row) for row in unpack_rows(packed.replace("\n", "\r\n"))] == rows
    assert [row.number for row in unpack_rows("x\tA\n7\tB\n99999999\tC")] == [1, 7, 3]
