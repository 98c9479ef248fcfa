"""Price entries as people paste them: thousands, tabs, headings, full width."""

import pytest

from pricing.web.price_rows import rows_of
from ui.web.typed_input import UnreadableField


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
        ("A", [{"sku": "A", "price": ""}]),
        ("A 1,5", [{"sku": "A", "price": "1,5"}]),
        ("A 1e3", [{"sku": "A", "price": "1e3"}]),
    ],
)
def test_lines_are_read(text, rows):
    assert rows_of(text) == rows


@pytest.mark.parametrize("text", ["A 1\nB,1,200", "B,12,345"])
def test_a_line_with_two_meanings_is_refused_by_its_number(text):
    with pytest.raises(UnreadableField) as refused:
        rows_of(text)
    assert str(len(text.splitlines())) in refused.value.message
