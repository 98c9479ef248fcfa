"""Rows, cells, limits and the refusal that the readers of spreadsheets share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from kernel.refusals import Refusal

KIB, MIB = 2**10, 2**20


@dataclass(frozen=True, slots=True)
class Formula:
    """A computed cell. `value` is the result stored in the file, which may be absent or out of date."""

    value: Value


Value = str | int | Decimal | bool | date | datetime | time | timedelta
Cell = Value | Formula


class Row(NamedTuple):
    """`number` counts from 1: the row of a sheet, or the line of a text file. An empty cell is ""."""

    number: int
    cells: Sequence[Cell]


class BadTable(Refusal):
    """The file cannot be read as it is. `line` and `field` (a column) are 0 and "" for the file itself.

    `reason`: too_large, too_many_rows, too_many_columns, line_too_long, not_a_table, bad_workbook,
    bad_csv, wrong_encoding, unknown_encoding, broken_gzip, unreadable; an importer adds its own.
    """

    code = "bad_file"

    def __init__(self, reason: str, message: str, *, line: int = 0, field: str = "") -> None:
        place = ", ".join(part for part in (f"line {line}" if line else "", field) if part)
        super().__init__(f"{place}: {message}" if place else message, field=field, line=line, reason=reason)
        self.line, self.reason = line, reason


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be. The defaults suit an upload that is read into memory.

    A file that unpacks to more than `ratio_from_bytes` may not exceed `max_ratio` times its size.
    `max_grid_cells`: rows times columns, which a workbook reader lays out in full;
    `max_copied_bytes`: cells times the longest shared string, which a workbook reader copies.
    """

    max_file_bytes: int = 5 * MIB
    max_unpacked_bytes: int = 60 * MIB
    max_ratio: int = 200
    ratio_from_bytes: int = 16 * MIB
    max_line_bytes: int = 64 * KIB
    max_rows: int = 20_000
    max_columns: int = 1_000
    max_cells: int = 500_000
    max_grid_cells: int = 2_000_000
    max_copied_bytes: int = 256 * MIB
    max_parts: int = 2_000

    def check_unpacked(self, unpacked: int, packed: int, *, line: int = 0) -> None:
        """Refuse `too_large` when a file of `packed` bytes has unpacked to too many bytes so far."""
        if unpacked > self.max_unpacked_bytes:
            message = f"the file unpacks to more than {self.max_unpacked_bytes // MIB:,} MB."
            raise BadTable("too_large", message, line=line)
        if unpacked > self.ratio_from_bytes and unpacked > self.max_ratio * packed:
            message = f"the file unpacks to more than {self.max_ratio} times its size."
            raise BadTable("too_large", message, line=line)

    def check_position(self, row: int, column: int) -> None:
        """Refuse a cell outside `max_rows` and `max_columns`; both count from 1."""
        if row > self.max_rows:
            raise BadTable("too_many_rows", f"more than {self.max_rows:,} rows.", line=row)
        if column > self.max_columns:
            raise BadTable("too_many_columns", f"more than {self.max_columns:,} columns.", line=row)


def column_name(index: int) -> str:
    """Return the letters of a column as spreadsheets show them: 0 is A, 26 is AA."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
