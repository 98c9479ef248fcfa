"""Export of a list as a spreadsheet, in the steps of a job.

A step reads the next rows by keyset with the requester's current rights and stores them as a part. The
last step writes all parts into one file. Text is never written as a formula.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Job
from jobs.operations.files import folder, write_file
from jobs.operations.jobs import Step
from kernel.refusals import Refusal
from ui.web.columns import Column
from ui.web.keyset import pack, page_of, unpack
from ui.web.lists import ListPage

CHUNK = 2000
MAX_ROWS = 1_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL_CHARACTERS = 32_000
FORMATS = {"money": "#,##0.00", "price": "#,##0.0000", "whole": "#,##0", "percent": "0.0%"}


class TooManyRows(Refusal):
    code = "too_many_rows"


def write_step(job: Job, page: ListPage) -> Step:
    """Store the next CHUNK rows of the list as a part; after the last rows write the file.

    The job's cursor contains the list's own cursor, the number of parts and the number of rows so far.
    Raises TooManyRows.
    """
    total = job.total if job.total is not None else page.narrowed.order_by().count()
    if total > MAX_ROWS:
        message = _("A spreadsheet holds %(most)d rows; narrow the list first.")
        raise TooManyRows(message % {"most": MAX_ROWS})
    parts, rows = int(job.cursor.get("parts", 0)), int(job.cursor.get("rows", 0))
    place = unpack(job.cursor["after"], page.salt) if job.cursor.get("after") else None
    found = page_of(page.narrowed, page.sort, place, CHUNK)
    page.enrich_export(found.rows)
    _store_part(job, parts, [[_plain(column, row) for column in page.exported] for row in found.rows])
    parts, rows = parts + 1, rows + len(found.rows)
    if found.after is not None and rows < MAX_ROWS:
        cursor = {"after": pack(found.after, page.salt), "parts": parts, "rows": rows}
        return Step(done=rows, total=max(total, rows), cursor=cursor)
    name = f"{page.name}-{job.id}.xlsx"
    write_file(name, _workbook(page.exported, str(page.title), _parts(job, parts)))
    shutil.rmtree(_folder(job), ignore_errors=True)
    message = ngettext("%(n)d row", "%(n)d rows", rows) % {"n": rows}
    return Step(done=rows, total=rows, message=message, result={"file": name})


def _folder(job: Job) -> Path:
    path = folder() / f"parts-{job.id}"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _store_part(job: Job, number: int, rows: list[list[Any]]) -> None:
    """Write a part; overwrite the part of a step that was killed before its commit."""
    path = _folder(job) / f"{number:06}.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    path.chmod(0o600)


def _parts(job: Job, count: int) -> Iterator[list[Any]]:
    for number in range(count):
        with (_folder(job) / f"{number:06}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


def _plain(column: Column, row: Any) -> Any:
    """Return a value for JSON: ["n", number], ["d", date], ["t", moment], or text."""
    value = column.for_export(row)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, Decimal)):
        return ["n", str(value)]
    if isinstance(value, datetime):
        return ["t", value.replace(tzinfo=None).isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return str(value)


def _workbook(columns: Sequence[Column], title: str, rows: Iterator[list[Any]]) -> bytes:
    file = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet(_sheet_name(title))
    head = book.add_format({"bold": True, "bg_color": "#F8FAFA", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    numbers = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 14 if column.numeric else 22)
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_string(0, at, f"{column.label}{unit}", head)
    for line, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if not isinstance(value, list):
                if value:
                    sheet.write_string(line, at, harmless(value))
            elif value[0] == "n":
                sheet.write_number(line, at, float(value[1]), numbers.get(columns[at].kind))
            elif value[0] == "d":
                sheet.write_datetime(line, at, datetime.fromisoformat(value[1]), day)
            else:
                sheet.write_datetime(line, at, datetime.fromisoformat(value[1]), moment)
    book.close()
    return file.getvalue()


def harmless(text: str) -> str:
    """Return text that a spreadsheet does not read as a formula, even after it was saved as CSV."""
    text = text[:MAX_CELL_CHARACTERS]
    return f"'{text}" if text.startswith(FORMULA) else text


def _sheet_name(title: str) -> str:
    name = "".join("-" if character in "[]:*?/\\'" else character for character in title)
    return name[:31] or "1"
