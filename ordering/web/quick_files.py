"""The rows of an uploaded sheet: typed by its content, bounded before it is opened."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from kernel.refusals import Refusal
from ordering.domain.pasting import MAX_ROWS
from ordering.web.quick_parcel import NoSheet, TooMuch, repacked

MAX_BYTES, MAX_COLUMNS = 5 * 1024 * 1024, 12


class FileRefused(Refusal):
    code = "file"


def rows_of(content: bytes) -> list[Sequence[object]]:
    """The rows of an xlsx workbook's first sheet, or of a CSV in UTF-8 or GB18030.

    Raises FileRefused for what is neither, too large, or larger unpacked than a sheet can be.
    """
    if len(content) > MAX_BYTES:
        raise FileRefused(_("The file is larger than 5 MB."), field="file")
    if content[:2] == b"PK":
        return _workbook(content)
    if b"\x00" in content[:4096] or content[:4] == b"\xd0\xcf\x11\xe0":
        raise FileRefused(_("This is neither an xlsx workbook nor a CSV file."), field="file")
    return _csv(content)


def _workbook(content: bytes) -> list[Sequence[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            plain = repacked(parcel)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, NotImplementedError) as error:
        raise FileRefused(_("The workbook cannot be opened."), field="file") from error
    except NoSheet as error:
        raise FileRefused(_("The workbook cannot be opened."), field="file") from error
    except TooMuch as error:
        raise FileRefused(_("The workbook is too large once unpacked."), field="file") from error
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(plain)).get_sheet_by_index(0)
        if sheet.height > MAX_ROWS * 2:
            raise FileRefused(_("The sheet has more than %(most)s rows.") % {"most": MAX_ROWS}, field="file")
        return [row[:MAX_COLUMNS] for row in sheet.to_python(nrows=MAX_ROWS + 2)]
    except (CalamineError, IndexError, ValueError) as error:
        raise FileRefused(_("The workbook cannot be opened."), field="file") from error


def _csv(content: bytes) -> list[Sequence[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.split("\n", 1)[0]
        mark = max("\t;,", key=first.count)
        try:
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
            return [row[:MAX_COLUMNS] for _at, row in zip(range(MAX_ROWS + 2), rows, strict=False)]
        except csv.Error as error:
            raise FileRefused(_("The CSV file cannot be read."), field="file") from error
    raise FileRefused(_("The CSV file is neither in UTF-8 nor in GB18030."), field="file")
