"""The fields of a what-if form, and the conversion of typed text into a JSON case.

Each field has a path in the case. Numbers and days go through the reader of typed input; the rest is
validated by the case's reader. `FilledCase.where` finds the field and the row in which a path was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django.utils.functional import Promise

from kernel.cases import InvalidCase, day
from kernel.typed_input import UnreadableInput, read_amount, read_date, read_number

TEXT, MONEY, INTEGER, PERCENT, OFF, DAY, CHOICE, FLAG, WORDS = (
    "text",
    "money",
    "whole",
    "percent",
    "off",
    "day",
    "choice",
    "flag",
    "words",
)
CLEAR_SEPARATORS = re.compile(r"[;\t|]")
COMMA_OUTSIDE_A_NUMBER = re.compile(r"(?<!\d),|,(?!\d)", re.ASCII)
MAY_BE_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)", re.ASCII)
PLACES = 12
QUANTITY = "quantity"
MAX_TYPED_CHARACTERS = 40_000
Choices = tuple[tuple[str, str | Promise], ...]
Where = tuple[str, int, str | Promise]
"""The name of the field, the number of the row (0 for none) and the label of the column."""


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
    """A case, where each of its paths was typed, and what could not be read.

    `form_only` are values that decide how the form is read and its answer displayed, and are not in the case.
    """

    case: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, Where] = field(default_factory=dict)
    unread: list[tuple[Where, UnreadableInput]] = field(default_factory=list)
    form_only: dict[str, Any] = field(default_factory=dict)

    def put(self, path: str, value: Any) -> None:
        *parents, last = path.split(".")
        inner = self.case
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value

    def read(self, where: Where, field_spec: ValueField, typed: str) -> Any:
        """Return the JSON value of typed text, None for empty text and for text that cannot be read."""
        try:
            return value_of(field_spec, typed)
        except UnreadableInput as error:
            self.unread.append((where, error))
            return None

    def where(self, path: str) -> Where | None:
        """Return where the path was typed, or its longest prefix that was; None if none was."""
        while path:
            if path in self.paths:
                return self.paths[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None


def put_value(made: FilledCase, field_spec: ValueField, typed: str) -> None:
    where: Where = (field_spec.name, 0, "")
    made.paths[field_spec.path] = where
    value = made.read(where, field_spec, typed)
    if value is not None:
        made.put(field_spec.path, value)


def put_rows(made: FilledCase, rows: Rows, typed: str) -> None:
    made.paths[rows.path] = (rows.name, 0, "")
    found: list[Any] = []
    for number, line in lines_of(typed):
        try:
            cells = cells_of(line)
        except UnreadableInput as error:
            made.unread.append(((rows.name, number, ""), error))
            continue
        at = f"{rows.path}[{len(found)}]"
        made.paths[at] = (rows.name, number, "")
        item: dict[str, Any] = {}
        for column, cell in zip(rows.columns, cells, strict=False):
            where = (rows.name, number, column.label)
            made.paths[f"{at}.{column.path}" if column.path else at] = where
            value = made.read(where, column, cell)
            if value is not None:
                item[column.path] = value
        for column in rows.columns[len(cells) :]:
            made.paths[f"{at}.{column.path}"] = (rows.name, number, column.label)
        if len(cells) > len(rows.columns):
            item["…"] = ",".join(cells[len(rows.columns) :])
        found.append(item.get("") if rows.columns[0].path == "" else item)
    made.put(rows.path, found)


def lines_of(typed: str) -> list[tuple[int, str]]:
    """Return (row number, text) of each row that is not empty."""
    lines = enumerate(normalize("NFKC", typed).splitlines(), start=1)
    return [(number, line.strip()) for number, line in lines if line.strip()]


def cells_of(line: str) -> list[str]:
    """Return the cells between tabs, bars or semicolons, else between commas.

    A comma between digits is part of a number if the others have a space: "A, 1,200". Where none has
    one, raise UnreadableInput if commas may group thousands: "A,1,200".
    """
    if CLEAR_SEPARATORS.search(line):
        return [cell.strip() for cell in CLEAR_SEPARATORS.split(line)]
    if ", " in line:
        return [cell.strip() for cell in COMMA_OUTSIDE_A_NUMBER.split(line)]
    if found := MAY_BE_GROUPED.search(line):
        raise UnreadableInput("two_meanings", found[0])
    return [cell.strip() for cell in line.split(",")]


def value_of(field_spec: ValueField, typed: str) -> Any:
    """Return the JSON value of typed text; None for empty text. Raise UnreadableInput."""
    typed = typed.strip()
    if field_spec.kind == FLAG:
        return bool(typed)
    if not typed:
        return None
    match field_spec.kind:
        case "words":
            return [word for word in re.split(r"[\s,，;；、]+", typed) if word] or None
        case "choice":
            return chosen(field_spec.choices, typed)
        case "money":
            return f"{read_amount(typed, places=PLACES, signed=True):f}"
        case "whole":
            return f"{read_number(typed, places=0, signed=True):f}"
        case "percent":
            return fraction_of(typed)
        case "off":
            return f"{read_number(typed.rstrip('%％'), places=PLACES, signed=True):f}"
        case "day":
            return read_date(typed).isoformat()
    return typed


def through_last_days(periods: list[dict[str, Any]]) -> None:
    """Replace the last day that a person typed by the first day after it; invalid text stays."""
    for period in periods:
        try:
            period["until"] = (day(period["until"], "until") + timedelta(days=1)).isoformat()
        except (InvalidCase, KeyError, OverflowError):
            continue


def rates_by_measure(made: FilledCase) -> None:
    """Take the measure out of the case; rates of a program that counts units are money per unit."""
    measure = made.case.pop("measure", "amount")
    made.form_only["measure"] = measure
    if measure == QUANTITY:
        for tier in made.case.get("program", {}).get("tiers", []):
            if "rate" in tier:
                tier["rate"] = f"{Decimal(tier['rate']).scaleb(2):f}"


def fraction_of(typed: str) -> str:
    """Return 3 or 3 % as "0.03", exactly. Raise UnreadableInput."""
    return f"{read_number(typed.rstrip('%％'), places=PLACES, signed=True).scaleb(-2):f}"


def chosen(choices: Choices, typed: str) -> str:
    """Return the key of a choice typed as its key or its label; other text unchanged."""
    wanted = typed.casefold()
    return next((key for key, word in choices if wanted in (key, str(word).casefold())), typed)


def text_of(rows: Rows) -> str:
    return "\n".join(", ".join(str(cell) for cell in row) for row in rows.example)


def example_of(fields: Sequence[ValueField | Rows]) -> Mapping[str, str]:
    """Return the initial values of the fields."""
    return {one.name: text_of(one) if isinstance(one, Rows) else str(one.example) for one in fields}
