"""What a what-if form asks for, and how what was typed becomes a JSON case.

Each value has the path that it takes in the case. Nothing is judged here: the case's own reader
refuses, and `Made.where` says which field, and which row of it, the refused path was typed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise

TEXT, MONEY, WHOLE, PERCENT, DAY, CHOICE, FLAG, WORDS = (
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
MAX_TYPED = 40_000
Choices = tuple[tuple[str, str | Promise], ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One value: `path` is where it goes in the case, "rule.buy"; `example` is what stands there."""

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
    """A list, one row a line, its columns divided by commas; a column's path is within the row.

    Rows of a single nameless column become plain values.
    """

    path: str
    label: str | Promise
    columns: Sequence[Ask]
    example: Sequence[Sequence[str | Promise]] = ()
    help: str | Promise = ""

    @property
    def name(self) -> str:
        return self.path.replace(".", "-")


@dataclass
class Made:
    """A case as it grows, and where each path of it was typed: (field, row or 0, column)."""

    case: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, tuple[str, int, str | Promise]] = field(default_factory=dict)

    def put(self, path: str, value: Any) -> None:
        *parents, last = path.split(".")
        inner = self.case
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value

    def where(self, path: str) -> tuple[str, int, str | Promise] | None:
        """The longest beginning of the path that was typed somewhere."""
        while path:
            if path in self.paths:
                return self.paths[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None


def put_value(made: Made, ask: Ask, typed: str) -> None:
    made.paths[ask.path] = (ask.name, 0, "")
    value = value_of(ask, typed)
    if value is not None:
        made.put(ask.path, value)


def put_rows(made: Made, rows: Rows, typed: str) -> None:
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
    """(number of the row, its cells) of each row that is not empty."""
    found = []
    for number, line in enumerate(typed.splitlines(), start=1):
        if line.strip():
            found.append((number, [cell.strip() for cell in SEPARATORS.split(line.strip())]))
    return found


def value_of(ask: Ask, typed: str) -> Any:
    """The JSON of what was typed; None for nothing. What makes no sense goes on as it is."""
    typed = typed.strip()
    match ask.kind:
        case "flag":
            return bool(typed)
        case "words":
            return [word for word in re.split(r"[\s,，;；、]+", typed) if word] or None
        case "percent":
            return fraction_of(typed)
        case "choice":
            return chosen(ask.choices, typed) if typed else None
        case "money" | "whole":
            return re.sub(r"[\s,，]", "", typed) or None
    return typed or None


def fraction_of(typed: str) -> str | None:
    """3 or 3 % as "0.03", exactly."""
    bare = typed.rstrip("%％ ").strip()
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return typed or None
    if not number.is_finite() or abs(number.adjusted()) > 20:  # the reader says what is wrong with it
        return typed
    return format(number.scaleb(-2), "f")


def chosen(choices: Choices, typed: str) -> str:
    """The key of a choice that was named by its key or its word."""
    wanted = typed.casefold()
    return next((key for key, word in choices if wanted in (key, str(word).casefold())), typed)


def text_of(rows: Rows) -> str:
    return "\n".join(", ".join(str(cell) for cell in row) for row in rows.example)


def example_of(asked: Sequence[Ask | Rows]) -> Mapping[str, str]:
    """What stands in the form before anybody typed."""
    return {one.name: text_of(one) if isinstance(one, Rows) else str(one.example) for one in asked}
