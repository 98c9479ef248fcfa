"""The files of an uploaded price list between the steps of its job: rows, entries, errors, differences.

They are JSON lines in a folder of the tenant's files, which the daily round removes after a week.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import xlsxwriter
from django.utils.translation import gettext as _

from jobs.operations.files import folder
from pricing.domain.list_entries import EntryDifference, ListEntry
from ui.web.exports import harmless


class UploadError(NamedTuple):
    """An invalid cell: the row of the sheet, the name of the field and the reason."""

    number: int
    field: str
    reason: str


class UploadFolder:
    """The files of the job with this id."""

    def __init__(self, job_id: UUID | str) -> None:
        self.path = folder() / f"price-upload-{job_id}"

    def write(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows to a file, also again after a step that was killed."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
        target = self._file(name)
        target.write_text("".join(lines), "utf-8")
        target.chmod(0o600)

    def read(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[list[Any]]:
        """Yield the rows of a file; none if it is gone."""
        target = self._file(name)
        if target.exists():
            with target.open(encoding="utf-8") as lines:
                for line in islice(lines, start, stop):
                    yield json.loads(line)

    def exists(self, name: str) -> bool:
        return self._file(name).exists()

    def _file(self, name: str) -> Path:
        return self.path / f"{name}.jsonl"

    def entries(self, name: str) -> Iterator[tuple[int, ListEntry]]:
        """Yield the row numbers and entries of a file that `entry_rows` wrote."""
        for number, *values in self.read(name):
            yield number, entry_from(values)

    def errors(self, start: int = 0, stop: int | None = None) -> list[UploadError]:
        return [UploadError(*row) for row in self.read("errors", start, stop)]

    def differences(self, start: int = 0, stop: int | None = None) -> list[EntryDifference]:
        return [
            EntryDifference(
                kind,
                entry_from(old) if old else None,
                entry_from(new) if new else None,
                None if change is None else Decimal(change),
            )
            for kind, old, new, change in self.read("differences", start, stop)
        ]


def entry_from(values: Sequence[Any]) -> ListEntry:
    """Return the entry of a JSON list of its values."""
    sku, price, per, min_qty, advised = values
    return ListEntry(sku, Decimal(price), per, min_qty, None if advised is None else Decimal(advised))


def error_book(errors: Iterable[UploadError]) -> bytes:
    """Return a workbook of the errors: row, field and reason."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [_("Row"), _("Field"), _("Reason")], book.add_format({"bold": True}))
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 70)
    for line, error in enumerate(errors, start=1):
        sheet.write_number(line, 0, error.number)
        sheet.write_string(line, 1, harmless(error.field))
        sheet.write_string(line, 2, harmless(error.reason))
    book.close()
    return file.getvalue()
