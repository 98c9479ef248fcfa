"""Prices as people paste and upload them: thousands, tabs, headings, units, full width."""

import pytest

from kernel.spreadsheets import PlainRow
from pricing.domain.price_table import (
    BASE_UNIT,
    UnreadableLine,
    as_text,
    grid_row,
    read_table,
    read_text,
    typed_price,
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("LZ-CE-25 1,200", [{"sku": "LZ-CE-25", "price": "1200"}]),
        ("LZ-CE-35\t1,050\t24", [{"sku": "LZ-CE-35", "price": "1050", "min_qty": 24}]),
        ("A 4.50", [{"sku": "A", "price": "4.50"}]),
        ("A,4.50", [{"sku": "A", "price": "4.50"}]),
        ("A, 4.50, 12", [{"sku": "A", "price": "4.50", "min_qty": 12}]),
        ("A 39.90 10 24", [{"sku": "A", "price": "39.90", "per": 10, "min_qty": 24}]),
        ("Ａ　１，２００　１２", [{"sku": "A", "price": "1200", "min_qty": 12}]),
        ("A ¥4.50 1,200", [{"sku": "A", "price": "4.50", "min_qty": 1200}]),
        ("编码\t单价\t每\nA\t12\t24", [{"sku": "A", "price": "12", "per": 24}]),
        ("sku price from\nA 12 24", [{"sku": "A", "price": "12", "min_qty": 24}]),
        ("名称\t编码\t价格\n生抽\tA\t12", [{"sku": "A", "price": "12"}]),
        ("\n  \nA 1\n\nB 2", [{"sku": "A", "price": "1"}, {"sku": "B", "price": "2"}]),
        ("编码 单价 建议零售价\nA 12 15.5", [{"sku": "A", "price": "12", "advised_resale": "15.5"}]),
        ("编码 单价 建议零售价\nA 12 ", [{"sku": "A", "price": "12"}]),
    ],
)
def test_lines_are_read(text, rows):
    def plain(row):
        values = {name: str(value) for name, value in typed_price(row).values.items()}
        return {"sku": row.reference} | values

    assert [plain(row) for row in read_text(text).rows] == [
        {name: str(value) for name, value in row.items()} for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("A", {"price": "empty"}),
        ("A 1,5", {"price": "two_meanings"}),
        ("A 1e3", {"price": "two_meanings"}),
        ("A 1.23456", {"price": "too_many_places"}),
        ("A x y z", {"price": "not_a_number", "min_qty": "not_a_number"}),
        ("编码\t单价\t建议零售价\nA\t1\t2,5", {"advised_resale": "two_meanings"}),
    ],
)
def test_what_cannot_be_read_has_its_reason(text, wrong):
    (row,) = read_text(text).rows
    assert {name: error.code for name, error in typed_price(row).wrong.items()} == wrong


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"price": "4.80", "per": "1", "min_qty": "10"}, ("4.80", "", "1", "10", "")),
        ({"price": "115.20/箱", "per": "1", "min_qty": "10"}, ("115.20", "箱", "", "10", BASE_UNIT)),
        ({"price": "115.20", "per": "箱", "min_qty": "10箱"}, ("115.20", "箱", "", "10", "箱")),
    ],
)
def test_the_cells_of_a_grid_may_hold_units(cells, expected):
    row = grid_row(1, "A", **cells, advised="6")
    assert (row.price, row.unit, row.per, row.min_qty, row.min_unit) == expected
    assert row.advised == "6"


def test_an_advised_resale_price_may_be_for_another_unit():
    rows = table(["编码", "单价(元/箱)", "建议零售价(元/瓶)"], ["A", "115.20", "6"])
    (row,) = read_table(rows).rows
    assert (row.unit, row.advised, row.advised_unit) == ("箱", "6", "瓶")
    (again,) = read_text(as_text([row])).rows
    assert (again.advised, again.advised_unit) == ("6", "瓶")


@pytest.mark.parametrize("text", ["A 1\nB,1,200", "B,12,345", "SKU,price\nA,1,200"])
def test_a_line_with_two_meanings_is_refused_by_its_number(text):
    with pytest.raises(UnreadableLine) as refused:
        read_text(text)
    assert refused.value.number == len(text.splitlines())


def table(*rows):
    return [PlainRow(number, list(cells), []) for number, cells in enumerate(rows, start=1)]


def units(found):
    return [(row.reference, row.price, row.unit, row.per, row.min_qty, row.min_unit) for row in found.rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["商品编码", "单价(元/箱)"], ["A", "240"]], ("A", "240", "箱", "", "", "")),
        ([["编码", "价格(元)", "单位"], ["A", "240", "箱"]], ("A", "240", "箱", "", "", "")),
        ([["编码", "价格", "单位"], ["A", "240", "元/箱"]], ("A", "240", "箱", "", "", "")),
        ([["编码", "箱价"], ["A", "240"]], ("A", "240", "箱", "", "", "")),
        ([["编码", "单价"], ["A", "240元/箱"]], ("A", "240元", "箱", "", "", "")),
        ([["编码", "单价", "每"], ["A", "240", "箱"]], ("A", "240", "箱", "", "", "")),
        ([["编码", "单价", "每"], ["A", "240", "12"]], ("A", "240", "", "12", "", "")),
        ([["编码", "单价", "起订量(箱)"], ["A", "60", "10"]], ("A", "60", "", "", "10", "箱")),
        ([["编码", "单价", "起订量"], ["A", "60", "10箱"]], ("A", "60", "", "", "10", "箱")),
        ([["序号", "品名", "规格", "含税单价"], ["1", "鸡粉", "1x4", "60"]], ("鸡粉", "60", "", "", "", "")),
        ([["Item Code", "Unit Price (RMB)", "MOQ"], ["A", "60", "5"]], ("A", "60", "", "", "5", "")),
        ([["2026 价目表"], ["货号", "单价"], ["A", "60"], ["合计", "60"]], ("A", "60", "", "", "", "")),
        ([["A", "60"]], ("A", "60", "", "", "", "")),
    ],
)
def test_a_table_is_read_by_its_headings(rows, expected):
    found = read_table(table(*rows))
    assert (units(found), found.question) == ([expected], None)
    assert units(read_text(as_text(found.rows))) == [expected]


@pytest.mark.parametrize(
    "rows",
    [
        [["编码", "原价", "数量", "单价"], ["A", "70", "12", "60"]],
        [["编码", "单价", "含税单价"], ["A", "60", "67"]],
        [["货号", "商品编码", "单价"], ["A", "B", "60"]],
        [["编码", "单位", "单位", "单价"], ["A", "箱", "桶", "60"]],
        [["A", "60", "12"], ["B", "70", "24"]],
        [["东西", "钱", "数"], ["A", "60", "12"]],
    ],
)
def test_columns_that_are_not_certain_are_asked_about(rows):
    found = read_table(table(*rows))
    assert found.rows == []
    assert found.question is not None
    assert [column.values[0] for column in found.question.columns] == rows[-1][:4] or len(rows) == 2


def test_rows_without_a_price_are_counted():
    found = read_table(table(["编码", "单价"], ["A", "60"], ["B", ""], ["C"], ["", ""]))
    assert (len(found.rows), found.blank) == (1, 2)
    assert read_table([]).question is None
