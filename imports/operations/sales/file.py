"""Read a sales file: a CSV file whose header names the columns of a sale, in any order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from kernel.spreadsheets import BadTable, CsvFile, Limits

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
LIMITS = Limits(max_unpacked_bytes=4 * 2**30, max_rows=100_000_000, max_columns=200)


class SalesFile:
    """A file that can be read several times; `find_encoding` finds an encoding of None."""

    def __init__(self, path: str | Path, encoding: str | None = None) -> None:
        self.path = Path(path)
        self.header: list[str] = []
        self._csv = CsvFile(self.path, encoding=encoding, limits=LIMITS)

    def find_encoding(self) -> str:
        return self._csv.find_encoding()

    def rows(self, digest: hashlib._Hash | None = None) -> Iterator[tuple[int, list[str]]]:
        """Yield (line number, fields in the order of the file's header) of each row under the header.

        `digest` is updated with the unpacked bytes. Raises BadTable.
        """
        rows = self._csv.rows(digest)
        first = next(rows, None)
        self.header = _checked_header(first[1] if first else [])
        width = len(self.header)
        for line, fields in rows:
            if len(fields) != width:
                message = f"{len(fields)} fields where the header has {width}."
                raise BadTable("wrong_width", message, line=line)
            yield line, fields


def _checked_header(fields: Sequence[str]) -> list[str]:
    header = [field.strip() for field in fields]
    for column in COLUMNS:
        if header.count(column) != 1:
            problem = "more than once" if column in header else "missing"
            raise BadTable("missing_column", f"the column {column} is {problem}.", line=1, field=column)
    return header
