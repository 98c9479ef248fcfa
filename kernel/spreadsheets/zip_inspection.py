"""Inspection of a workbook's zip archive before a spreadsheet library reads it.

The library allocates every cell between the first and the last one, and copies a shared string into
each cell that refers to it. Two cells in opposite corners, or one long string with many references,
would exhaust the memory. So the parts are counted here and packed again without compression, and the
library opens exactly what was inspected.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from kernel.spreadsheets.table import BadTable, Limits

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
SHARED_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
OTHER_FORMATS = ("content.xml", "xl/workbook.bin")
WORKBOOK, RELATIONSHIPS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
Positions = dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class InspectedArchive:
    """The archive's parts without compression, and the formulas of the first sheet.

    `formulas` holds the columns with a formula by row; both count from 1.
    """

    repacked: bytes
    formulas: Positions


def inspect_archive(archive: zipfile.ZipFile, packed_size: int, limits: Limits) -> InspectedArchive:
    """Count the parts, cells and strings of a workbook. Raises BadTable if it is broken or too large."""
    parts = _unpack(archive, packed_size, limits)
    inspection = _Inspection(limits)
    formulas: dict[str, Positions] = {}
    for name, content in parts.items():
        if b"sheetData" in content or SHARED_STRING.search(content):
            formulas[name] = inspection.read(content)
    if inspection.cells * inspection.longest_string > limits.max_copied_bytes:
        raise BadTable("too_large", "the workbook repeats a long text too often.")
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_STORED) as plain:
        for name, content in parts.items():
            plain.writestr(name, content)
    computed = any(formulas.values())
    return InspectedArchive(repacked.getvalue(), formulas.get(_first_sheet(parts), {}) if computed else {})


def _unpack(archive: zipfile.ZipFile, packed_size: int, limits: Limits) -> dict[str, bytes]:
    """Return the parts, measured while they are unpacked: an archive may state wrong sizes."""
    parts: dict[str, bytes] = {}
    unpacked, listed = 0, archive.infolist()
    if len(listed) > limits.max_parts:
        raise BadTable("too_large", f"the workbook has more than {limits.max_parts:,} parts.")
    for part in listed:
        if part.filename in parts or part.filename.replace("\\", "/").lower() in OTHER_FORMATS:
            raise _bad_workbook()
        with archive.open(part) as stream:
            content = stream.read(limits.max_unpacked_bytes - unpacked + 1)
        unpacked += len(content)
        limits.check_unpacked(unpacked, packed_size)
        parts[part.filename] = content
    return parts


def _first_sheet(parts: dict[str, bytes]) -> str:
    """Return the name of the first sheet's part. Raises BadTable if the workbook has none."""
    sheets, targets = _Elements("sheet"), _Elements("Relationship")
    sheets.read(parts.get(WORKBOOK, b""))
    targets.read(parts.get(RELATIONSHIPS, b""))
    for sheet in sheets.found[:1]:
        wanted = next((value for name, value in sheet.items() if name.rpartition(":")[2] == "id"), "")
        for target in targets.found:
            if target.get("Id") == wanted:
                return posixpath.normpath(posixpath.join("/xl", target.get("Target", "")))[1:]
    raise _bad_workbook()


@dataclass(slots=True)
class _Elements:
    """Collect the attributes of the elements of one name."""

    name: str
    found: list[dict[str, str]] = field(default_factory=list)

    def read(self, content: bytes) -> None:
        parser = ParserCreate()
        parser.StartElementHandler = self._start
        _parse(parser, content)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == self.name:
            self.found.append(attributes)


class _Inspection:
    """Count the cells of all sheets and measure the longest shared string."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = self.longest_string = 0

    def read(self, content: bytes) -> Positions:
        """Inspect one part; return the columns of its formulas by row, both from 1."""
        self._row = self._column = self._length = 0
        self._rows = self._columns = 0
        self._formulas: Positions = {}
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        _parse(self._parser, content)
        return self._formulas

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2] if ":" in name else name
        if kind == "c":
            self._count_cells(1)
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._row, self._column = _position(reference)
            self._check_position(self._row, self._column)
        elif kind == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row), 0
            self.limits.check_position(self._row, 1)
        elif kind == "f":
            self._formula(attributes)
        elif kind == "si":
            self._length = 0
            self._parser.CharacterDataHandler = self._text
            self._parser.EndElementHandler = self._end

    def _check_position(self, row: int, column: int) -> None:
        """Refuse a cell outside the limits, or one that makes the grid of its sheet too large."""
        if row <= self._rows and column <= self._columns:
            return
        self.limits.check_position(row, column)
        self._rows, self._columns = max(self._rows, row), max(self._columns, column)
        if self._rows * self._columns > self.limits.max_grid_cells:
            message = f"a grid of more than {self.limits.max_grid_cells:,} cells."
            raise BadTable("too_large", message, line=row)

    def _count_cells(self, more: int) -> None:
        self.cells += more
        if self.cells > self.limits.max_cells:
            raise BadTable("too_large", f"more than {self.limits.max_cells:,} cells.", line=self._row)

    def _formula(self, attributes: dict[str, str]) -> None:
        """Record the cell and, for an array formula, every cell that contains a part of its result."""
        self._formulas.setdefault(self._row, set()).add(self._column)
        first, _colon, last = attributes.get("ref", "").partition(":")
        if attributes.get("t") not in ("array", "dataTable") or not last:
            return
        (top, left), (bottom, right) = _position(first), _position(last)
        self._check_position(bottom, right)
        self._count_cells((bottom - top + 1) * (right - left + 1))
        for row in range(top, bottom + 1):
            self._formulas.setdefault(row, set()).update(range(left, right + 1))

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    def _text(self, text: str) -> None:
        self._length += len(text.encode())
        self.longest_string = max(self.longest_string, self._length)


def _parse(parser: XMLParserType, content: bytes) -> None:
    """Parse one part; refuse a document type declaration, which may define entities."""
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(content, True)
    except (ExpatError, LookupError) as error:
        raise _bad_workbook() from error


def _refuse_document_type(*_declaration: object) -> None:
    raise _bad_workbook()


def _position(reference: str) -> tuple[int, int]:
    """Return the row and the column, both from 1, of a reference like B12."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise _bad_workbook()
    return int(found[2]), _column(found[1])


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def _row_number(text: str | None, before: int) -> int:
    if text is None:
        return before + 1
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise _bad_workbook()
    return int(text)


def _bad_workbook() -> BadTable:
    return BadTable("bad_workbook", "the workbook cannot be opened.")
