"""Reading of an uploaded table; its content, not its name, decides the format."""

from __future__ import annotations

from kernel.spreadsheets.csv_file import GZIP, CsvFile
from kernel.spreadsheets.table import MIB, BadTable, Limits, Row
from kernel.spreadsheets.workbook import read_workbook

ZIP, OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"
DELIMITERS = (b"\t", b";", b",")
SNIFFED_BYTES = 4096
SNIFFED_LINES = 10


def read_table(content: bytes, limits: Limits | None = None) -> list[Row]:
    """Return the rows of an xlsx workbook's first sheet, or of a CSV file in UTF-8 or GB18030.

    The delimiter of a CSV file is the most frequent of tab, semicolon and comma in its first lines,
    whose first may be a title without any.
    Raises BadTable for another format and for a file beyond the limits.
    """
    limits = limits or Limits()
    if len(content) > limits.max_file_bytes:
        raise BadTable("too_large", f"the file is larger than {limits.max_file_bytes // MIB} MB.")
    if content.startswith(ZIP):
        return read_workbook(content, limits)
    if content.startswith((OLD_EXCEL, GZIP)) or b"\x00" in content[:SNIFFED_BYTES]:
        raise BadTable("not_a_table", "neither an xlsx workbook nor a CSV file.")
    file = CsvFile(content, delimiter=_delimiter(content), limits=limits)
    return [Row(number, cells) for number, cells in file.rows()]


def _delimiter(content: bytes) -> str:
    """Return the delimiter that most of the first lines have; of equal ones the most frequent."""
    lines = content[:SNIFFED_BYTES].splitlines()[:SNIFFED_LINES]
    return max(
        DELIMITERS, key=lambda one: (sum(one in line for line in lines), content[:SNIFFED_BYTES].count(one))
    ).decode()
