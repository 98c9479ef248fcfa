"""The fields of a what-if form, and the conversion of typed text into a JSON case.

Each field has a path in the case. Nothing is validated here: the case's reader refuses, and
`FilledCase.where` finds the field and the row in which the refused path was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise

from kernel.cases import MAX_PLACES, InvalidCase, day
from kernel.typed_input import UnreadableInput, read_number

TEXT, MONEY, INTEGER, PERCENT, DAY, CHOICE, FLAG, WORDS = (
    "text",
    "money",
    "whole",
    "percent",
    "day",
    "choice",
    "flag",
    "words",
)
SEPARATORS = re.compile(r"[,，;；\t|]")
MAX_TYPED_CHARACTERS = 40_000
Choices = tuple[tuple[str, str | Promise], ...]


@dataclass(frozen=True, slots=True)
class ValueField:
    """One value: `path` is its place in the case, such as "rule.buy"; `example` its initial value."""

    path: str
    label: str | Promise
    kind: str = MONEY
    example: str | Promise = ""
    help: str | Promise = ""
    choices: Choices = ()

    @property
    def name(self) -> str:
        return self.path.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Rows:
    """A list with one row per line and columns separated by commas; a column's path is within the row.

    Rows with a single column without a path become plain values.
    """

    path: str
    label: str | Promise
    columns: Sequence[ValueField]
    example: Sequence[Sequence[str | Promise]] = ()
    help: str | Promise = ""

    @property
    def name(self) -> str:
        return self.path.replace(".", "-")


@dataclass
class FilledCase:
    """A case, and where each of its paths was typed: (field name, row number or 0, column label)."""

    case: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, tuple[str, int, str | Promise]] = field(default_factory=dict)

    def put(self, path: str, value: Any) -> None:
        *parents, last = path.split(".")
        inner = self.case
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value

    def where(self, path: str) -> tuple[str, int, str | Promise] | None:
        """Return where the path was typed, or its longest prefix that was; None if none was."""
        while path:
            if path in self.paths:
                return self.paths[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None


def put_value(made: FilledCase, field_spec: ValueField, typed: str) -> None:
    made.paths[field_spec.path] = (field_spec.name, 0, "")
    value = value_of(field_spec, typed)
    if value is not None:
        made.put(field_spec.path, value)


def put_rows(made: FilledCase, rows: Rows, typed: str) -> None:
    made.paths[rows.path] = (rows.name, 0, "")
    found: list[Any] = []
    for number, cells in cells_of(typed):
        at = f"{rows.path}[{len(found)}]"
        made.paths[at] = (rows.name, number, "")
        item: dict[str, Any] = {}
        for column, cell in zip(rows.columns, cells, strict=False):
            made.paths[f"{at}.{column.path}" if column.path else at] = (rows.name, number, column.label)
            value = value_of(column, cell)
            if value is not None:
                item[column.path] = value
        for column in rows.columns[len(cells) :]:
            made.paths[f"{at}.{column.path}"] = (rows.name, number, column.label)
        if len(cells) > len(rows.columns):
            item["…"] = ",".join(cells[len(rows.columns) :])
        found.append(item.get("") if rows.columns[0].path == "" else item)
    made.put(rows.path, found)


def cells_of(typed: str) -> list[tuple[int, list[str]]]:
    """Return (row number, cells) of each row that is not empty."""
    found = []
    for number, line in enumerate(typed.splitlines(), start=1):
        if line.strip():
            found.append((number, [cell.strip() for cell in SEPARATORS.split(line.strip())]))
    return found


def value_of(field_spec: ValueField, typed: str) -> Any:
    """Return the JSON value of typed text; None for empty text. Invalid text is returned unchanged."""
    typed = typed.strip()
    match field_spec.kind:
        case "flag":
            return bool(typed)
        case "words":
            return [word for word in re.split(r"[\s,，;；、]+", typed) if word] or None
        case "percent":
            return fraction_of(typed)
        case "choice":
            return chosen(field_spec.choices, typed) if typed else None
        case "money" | "whole":
            return number_of(typed)
    return typed or None


def through_last_days(periods: list[dict[str, Any]]) -> None:
    """Replace the last day that a person typed by the first day after it; invalid text stays."""
    for period in periods:
        try:
            period["until"] = (day(period["until"], "until") + timedelta(days=1)).isoformat()
        except (InvalidCase, KeyError, OverflowError):
            continue


def number_of(typed: str) -> str | None:
    """Return a typed number as a decimal: 1,200 is "1200"; invalid text unchanged."""
    try:
        return format(read_number(typed, places=MAX_PLACES, signed=True), "f") if typed else None
    except UnreadableInput:
        return typed


def fraction_of(typed: str) -> str | None:
    """Return 3 or 3 % as "0.03", exactly; invalid text unchanged."""
    bare = typed.rstrip("%％ ").strip()
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return typed or None
    if not number.is_finite() or abs(number.adjusted()) > 20:  # the case's reader refuses it
        return typed
    return format(number.scaleb(-2), "f")


def chosen(choices: Choices, typed: str) -> str:
    """Return the key of a choice typed as its key or its label; other text unchanged."""
    wanted = typed.casefold()
    return next((key for key, word in choices if wanted in (key, str(word).casefold())), typed)


def text_of(rows: Rows) -> str:
    return "\n".join(", ".join(str(cell) for cell in row) for row in rows.example)


def example_of(fields: Sequence[ValueField | Rows]) -> Mapping[str, str]:
    """Return the initial values of the fields."""
    return {one.name: text_of(one) if isinstance(one, Rows) else str(one.example) for one in fields}
