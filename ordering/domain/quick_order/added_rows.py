"""The rows that one form adds: an uploaded table and a pasted text, or the question about their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kernel.spreadsheets import ColumnQuestion, PlainRow, Row, ask_about, chosen_headings, plain_row
from kernel.spreadsheets.headings import join_heading_rows
from ordering.domain.quick_order.edits import DraftEdit
from ordering.domain.quick_order.headings import columns_of, question_about
from ordering.domain.quick_order.pasted_rows import Parsed, parse_columns, parse_table, parse_text


class AddedRows(NamedTuple):
    """What was read. `question` asks about a table that was not read, with the text that waits for it.

    `is_unanswered` if the columns that a person chose are no product and quantity.
    """

    parsed: Parsed
    question: ColumnQuestion | None = None
    waiting: str = ""
    is_unanswered: bool = False


def read_added(edit: DraftEdit, unread: str = "") -> AddedRows:
    """Return the rows of an edit and those `unread` before.

    A table whose columns are not certain is asked about, not read.
    """
    given = join_heading_rows(edit.table)
    rows = [plain_row(row) for row in given]
    if edit.columns is not None:
        question = ask_about(rows, edit.headings_at)
        if not edit.has_answer:
            return AddedRows(parse_text(unread), question, edit.pasted)
        columns = columns_of(chosen_headings(question, edit.columns), len(question.columns))
        if columns is None:
            return AddedRows(parse_text(unread), question, edit.pasted, is_unanswered=True)
        table = parse_columns(rows[question.headings_at + 1 :], columns)
    elif (unclear := question_about(rows)) is not None:
        return AddedRows(parse_text(unread), unclear, edit.pasted)
    else:
        table = parse_table(given)
    unclear = question_about(_pasted_table(edit.pasted))
    if unclear is not None:
        return AddedRows(table, unclear)
    pasted = parse_text(f"{edit.pasted}\n{unread}")
    both = Parsed(
        [*table.rows, *pasted.rows], [*table.problems, *pasted.problems], table.blank + pasted.blank
    )
    return AddedRows(both)


def _pasted_table(text: str) -> Sequence[PlainRow]:
    """Return the rows of a text of which each line has tabs, otherwise none."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not all("\t" in line for _number, line in lines):
        return []
    return [plain_row(Row(number, line.replace("\x00", "").split("\t"))) for number, line in lines]
