"""The columns of a list: what a row shows, how it is drawn, what a spreadsheet gets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone
from django.utils.functional import Promise

Kind = Literal[
    "text", "name", "code", "money", "price", "whole", "percent", "day", "moment", "state", "badge"
]
Reader = str | Callable[[Any], Any]
NUMERIC = frozenset({"money", "price", "whole", "percent"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` is a path like "buyer__name" or a function of the row (the key if absent).

    `sort` is the ORM path that the column sorts by ("" where it cannot be sorted). `under` is a
    second, quiet line. `cell` is a template for this column alone, which gets `row`, `value` and
    `under`. `unit` stands in the head. `kind` "percent" takes a fraction. `exported` is what the
    spreadsheet gets, where that is not the value.
    """

    key: str
    label: str | Promise
    value: Reader = ""
    kind: Kind = "text"
    sort: str = ""
    under: Reader = ""
    cell: str = ""
    shown: bool = True
    unit: str | Promise = ""
    exported: Reader = ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC

    def of(self, row: Any) -> Any:
        return read(row, self.value or self.key)

    def beneath(self, row: Any) -> Any:
        return read(row, self.under) if self.under else ""

    def for_export(self, row: Any) -> Any:
        """Text, a number or a date; the moment in the tenant's time zone."""
        value = read(row, self.exported) if self.exported else self.of(row)
        return timezone.localtime(value) if isinstance(value, datetime) else value


def read(row: Any, reader: Reader) -> Any:
    """A function's answer, or what a path leads to; None where something on the way is missing."""
    if callable(reader):
        return reader(row)
    for name in reader.split("__"):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, dict) else getattr(row, name)
        if callable(row):
            row = row()
    return row
