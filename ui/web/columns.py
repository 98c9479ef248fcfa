"""The columns of a list: the value of a row, its display and its export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise

Kind = Literal[
    "text", "name", "code", "money", "price", "whole", "percent", "day", "moment", "state", "badge"
]
Reader = str | Callable[[Any], Any]
Slot = Literal["first", "figure", "second", "state", "hidden"]
NUMERIC = frozenset({"money", "price", "whole", "percent"})
MAX_SECOND_CELLS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    `value` is a path like "buyer__name" or a function of the row; by default it is the key. `sort` is the
    ORM path that the column sorts by ("" if it cannot be sorted). `under` is a second, secondary line.
    `cell` is a template for the cells, which gets `row`, `value` and `under`. `unit` is displayed in the
    head. `kind` "percent" expects a fraction. `exported` is the value in a spreadsheet, if it differs.
    `phone` is the place of the cell in the two lines of a phone's row; "" leaves it to `phone_slots`.
    """

    key: str
    label: str | Promise
    value: Reader = ""
    kind: Kind = "text"
    sort: str = ""
    under: Reader = ""
    cell: str = ""
    displayed: bool = True
    unit: str | Promise = ""
    exported: Reader = ""
    phone: Slot | Literal[""] = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    def of(self, row: Any) -> Any:
        return read(row, self.value or self.key)

    def second_line(self, row: Any) -> Any:
        return read(row, self.under) if self.under else ""

    def for_export(self, row: Any) -> Any:
        """Return the value for a spreadsheet; a moment is in the tenant's time zone."""
        value = read(row, self.exported) if self.exported else self.of(row)
        return timezone.localtime(value) if isinstance(value, datetime) else value


def read(row: Any, reader: Reader) -> Any:
    """Return the result of a function or the value at a path; None if a part of the path is missing."""
    if callable(reader):
        return reader(row)
    for name in reader.split("__"):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, dict) else getattr(row, name)
        if callable(row):
            row = row()
    return row


def phone_slots(columns: Sequence[Column]) -> dict[str, Slot]:
    """Return the place of each column, by key, in a row of two lines on a phone.

    The first line has the first column and one figure, the second line up to two further values and the
    state. Other columns are hidden; the page of the row displays them.
    """
    slots: dict[str, Slot] = {column.key: column.phone for column in columns[1:] if column.phone}
    free = [column for column in columns[1:] if not column.phone]
    for slot, kinds in (("state", ("state", "badge")), ("figure", ("money",)), ("figure", tuple(NUMERIC))):
        fitting = next((column for column in free if column.kind in kinds), None)
        if fitting is not None and slot not in slots.values():
            slots[fitting.key] = slot  # type: ignore[assignment]  # a literal of the tuple above
            free.remove(fitting)
    free.sort(key=lambda column: column.numeric)
    left = max(MAX_SECOND_CELLS - list(slots.values()).count("second"), 0)
    slots |= {column.key: "second" if n < left else "hidden" for n, column in enumerate(free)}
    return {columns[0].key: "first", **slots}
