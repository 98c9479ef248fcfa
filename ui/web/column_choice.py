"""The question about a table's columns on a page: each with its first values and a choice of its meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise

from kernel.spreadsheets import ColumnQuestion, Meaning, pack_rows
from kernel.spreadsheets.plain_rows import MAX_COLUMNS
from kernel.typed_input import UnreadableInput, read_count

TABLE, HEADINGS_AT, COLUMN = "table", "headings_at", "column-"
Options = Sequence[tuple[Meaning, str | Promise]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A column with the options of its meaning; `chosen` is the one that is selected, "" for none."""

    name: str
    label: str
    values: tuple[str, ...]
    chosen: str


def question_facts(
    question: ColumnQuestion, options: Options, chosen: Mapping[int, Meaning] | None = None
) -> dict[str, Any]:
    """Return the facts of kit/columns.html; what a person has chosen already stays selected."""
    offered = {meaning for meaning, _label in options}
    choices = []
    for column in question.columns:
        likely = column.likely if column.likely in offered else None
        meaning = likely if chosen is None else chosen.get(column.place)
        choices.append(Choice(f"{COLUMN}{column.place}", column.label, column.values, meaning or ""))
    return {
        "columns": choices,
        "options": options,
        "table": pack_rows(question.rows),
        "headings_at": question.headings_at + 1,
        "count": len(question.rows) - question.headings_at - 1,
    }


def chosen_columns(post: QueryDict) -> dict[int, Meaning]:
    """Return what a person has chosen for each column, by its place."""
    posted = ((place, post.get(f"{COLUMN}{place}", "")) for place in range(MAX_COLUMNS))
    return {place: Meaning(meaning) for place, meaning in posted if meaning in set(Meaning)}


def headings_at(post: QueryDict) -> int:
    """Return the place of the row of headings that the question was asked with, -1 for none."""
    try:
        return read_count(post.get(HEADINGS_AT, "")) - 1
    except UnreadableInput:
        return -1
