"""Workbooks of prices as a person would save them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter


def xlsx(*rows: Sequence[object]) -> bytes:
    """Return a workbook with the rows."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    return file.getvalue()
