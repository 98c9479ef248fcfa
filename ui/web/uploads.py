"""An uploaded spreadsheet, and the reasons for which one is refused."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kernel.refusals import Refusal
from kernel.spreadsheets import BadTable, Limits, Row, read_table
from kernel.spreadsheets.table import MIB
from ui.web.numbers import grouped

MAX_ROWS = 10_000
LIMITS = Limits(max_rows=MAX_ROWS)


class UploadRefused(Refusal):
    code = "file"


def uploaded_rows(file: UploadedFile | None) -> Sequence[Row]:
    """Return the rows of an xlsx workbook or a CSV file. Raises UploadRefused for any other file."""
    return () if file is None else rows_of(file.read(LIMITS.max_file_bytes + 1), LIMITS)


def rows_of(content: bytes, limits: Limits) -> Sequence[Row]:
    """Return the rows of a file's content. Raises UploadRefused, with the reason in the user's language."""
    try:
        return read_table(content, limits)
    except BadTable as error:
        raise UploadRefused(_reason(error, limits), field="file") from error


def _reason(error: BadTable, of: Limits) -> str:
    place = {"row": grouped(error.line)}
    limits = {"rows": grouped(of.max_rows), "columns": grouped(of.max_columns)}
    size = {"size": of.max_file_bytes // MIB}
    reasons = {
        "too_large": _("The file is larger than %(size)s MB, or too large once unpacked.") % size,
        "too_many_rows": _("The sheet has more than %(rows)s rows.") % limits,
        "too_many_columns": _("The sheet has more than %(columns)s columns.") % limits,
        "line_too_long": _("Row %(row)s is too long.") % place,
        "not_a_table": _("This is neither an xlsx workbook nor a CSV file."),
        "bad_workbook": _("The workbook cannot be opened."),
        "bad_csv": _("The CSV file cannot be read from row %(row)s on.") % place,
        "wrong_encoding": _("Row %(row)s is neither in UTF-8 nor in GB18030.") % place,
    }
    return reasons[error.reason]
