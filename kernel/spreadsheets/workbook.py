"""Reading of the first sheet of an xlsx workbook."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from kernel.spreadsheets.table import BadTable, Cell, Formula, Limits, Row, Value
from kernel.spreadsheets.zip_inspection import Positions, inspect_archive

_MAX_EXACT = 2**53


def read_workbook(content: bytes, limits: Limits) -> list[Row]:
    """Return the rows that are not blank; a computed cell is a Formula.

    Empty columns to the left of the first filled one are left out. Raises BadTable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inspected = inspect_archive(archive, len(content), limits)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise BadTable("bad_workbook", f"the workbook cannot be opened ({error}).") from error
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(inspected.repacked)).get_sheet_by_index(0)
        grid = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise BadTable("bad_workbook", f"the workbook cannot be opened ({error}).") from error
    rows: list[list[Cell]] = [[_value(cell) for cell in row] for row in grid]
    _mark_formulas(rows, inspected.formulas)
    filled = [Row(number, cells) for number, cells in enumerate(rows, start=1) if _first_filled(cells) >= 0]
    left = min((_first_filled(row.cells) for row in filled), default=0)
    return [Row(row.number, row.cells[left:]) for row in filled] if left else filled


def _mark_formulas(rows: list[list[Cell]], formulas: Positions) -> None:
    """Replace each computed cell by a Formula; a cell without a stored result may be beyond the rows."""
    for number, columns in formulas.items():
        rows.extend([] for _missing in range(number - len(rows)))
        cells = rows[number - 1]
        cells.extend([""] * (max(columns) - len(cells)))
        for column in columns:
            value = cells[column - 1]
            cells[column - 1] = value if isinstance(value, Formula) else Formula(value)


def _first_filled(cells: Sequence[Cell]) -> int:
    return next((place for place, cell in enumerate(cells) if cell != ""), -1)


def _value(cell: float | str | bool | time | date | datetime | timedelta) -> Value:
    """Return a number as an int if it is whole, else as the Decimal that the sheet displays."""
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _MAX_EXACT:
            return int(cell)
        return Decimal(repr(cell))
    return cell
