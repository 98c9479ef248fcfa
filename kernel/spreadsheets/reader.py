"""Reading of an uploaded table, whose format is known by its content and not by its name."""

from __future__ import annotations

from kernel.spreadsheets.csv_file import GZIP, CsvFile
from kernel.spreadsheets.table import MIB, BadTable, Limits, Row
from kernel.spreadsheets.workbook import read_workbook

ZIP, OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"
DELIMITERS = (b"\t", b";", b",")
SNIFFED_BYTES = 4096


def read_table(content: bytes, limits: Limits | None = None) -> list[Row]:
    """Return the rows of an xlsx workbook's first sheet, or of a CSV file in UTF-8 or GB18030.

    The delimiter of a CSV file is the tab, semicolon or comma that its first line has most of.
    Raises BadTable for a file that is neither, too large, or larger unpacked than a table can be.
    """
    limits = limits or Limits()
    if len(content) > limits.max_file_bytes:
        raise BadTable("too_large", f"the file is larger than {limits.max_file_bytes // MIB} MB.")
    if content.startswith(ZIP):
        return read_workbook(content, limits)
    if content.startswith((OLD_EXCEL, GZIP)) or b"\x00" in content[:SNIFFED_BYTES]:
        raise BadTable("not_a_table", "neither an xlsx workbook nor a CSV file.")
    first_line = content.split(b"\n", 1)[0]
    delimiter = max(DELIMITERS, key=first_line.count).decode()
    file = CsvFile(content, delimiter=delimiter, limits=limits)
    return [Row(number, cells) for number, cells in file.rows()]
