"""Tables that a form adds: read by their headings, by what a person chose, or asked about."""

import pytest

from kernel.spreadsheets import Meaning, Row
from ordering.domain.quick_order.added_rows import read_added
from ordering.domain.quick_order.edits import DraftEdit

UNCLEAR = [["A", 240, 20], ["B", 250, 10]]
CHOSEN = {0: Meaning.SKU, 2: Meaning.QUANTITY}


def table(rows):
    return [Row(number, cells) for number, cells in enumerate(rows, start=1)]


def added(rows=(), **given):
    return read_added(DraftEdit(table=table(rows), **given))


def quantities(found):
    return [(row.reference, row.qty, row.unit) for row in found.parsed.rows]


def test_a_table_with_headings_and_a_pasted_text_are_both_read():
    found = added([["编码", "数量"], ["A", 20], ["B", ""]], pasted="商品编码\t数量\nC\t3\nD\t0")
    assert quantities(found) == [("A", 20, ""), ("C", 3, "")]
    assert (found.question, found.parsed.blank) == (None, 2)


@pytest.mark.parametrize(
    "rows",
    [
        UNCLEAR,
        [["1", "A", 20], ["2", "B", 10]],
        [["编码", "数量", "订货数量"], ["A", 1, 2]],
        [["订货单"], ["编码", "箱数", "数量"], ["A", 1, 2]],
        [["编码", "单位", "单位", "数量"], ["A", "箱", "桶", 2]],
        [["货号", "商品编码", "数量"], ["A", "B", 2]],
    ],
)
def test_a_table_that_is_not_certain_is_asked_about_and_the_text_waits(rows):
    found = added(rows, pasted="C 3")
    assert (quantities(found), found.waiting) == ([], "C 3")
    assert found.question is not None


@pytest.mark.parametrize(
    "rows",
    [
        [["A", 20, "箱"]],
        [["A", "鸡粉", 20]],
        [["6901234567892", "鸡粉", 20]],
        [["6901234567892", 20]],
        [["A"]],
        [],
    ],
)
def test_one_column_of_numbers_after_the_first_is_certain(rows):
    assert added(rows).question is None


def test_a_pasted_table_is_asked_about_after_the_uploaded_one_is_read():
    found = added([["编码", "数量"], ["A", 20]], pasted="B\t240\t20\n\nC\t250\t10")
    assert quantities(found) == [("A", 20, "")]
    assert [row.number for row in found.question.rows] == [1, 3]
    assert added(pasted="B\t240\t20\nC 10").question is None


def test_what_a_person_chose_is_read_with_the_numbers_of_the_rows():
    found = added([*UNCLEAR, ["", "", ""], ["合计", "", 30]], columns=CHOSEN, has_answer=True, pasted="C\t3")
    assert quantities(found) == [("A", 20, ""), ("B", 10, ""), ("C", 3, "")]
    assert [row.number for row in found.parsed.rows] == [1, 2, 1]


def test_a_question_is_asked_again_without_product_or_quantity_and_stays_while_there_is_no_answer():
    assert added(UNCLEAR, columns={0: Meaning.SKU}, has_answer=True).is_unanswered
    waits = added(UNCLEAR, columns=CHOSEN)
    assert (waits.question is not None, waits.is_unanswered, quantities(waits)) == (True, False, [])
