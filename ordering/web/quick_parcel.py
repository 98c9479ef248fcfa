"""A workbook's parcel, judged before the spreadsheet reader sees it.

The reader lays out every cell between the first and the last one, and copies a shared string into
each cell that names it: two cells in opposite corners, or one long string named often, would take
more memory than there is, and end the process. So the parts are counted here, and packed again as
they were counted: what the reader opens is what was judged.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.parsers.expat import ExpatError, ParserCreate

MAX_UNPACKED, MAX_COPIED = 60 * 1024 * 1024, 256 * 1024 * 1024
MAX_PARTS, MAX_CELLS, LAST_ROW, LAST_COLUMN = 2000, 500_000, 20_000, 1000
CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
STRINGS = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
OTHER_FORMATS = ("content.xml", "xl/workbook.bin")


class NoSheet(ValueError):
    """No xlsx workbook, or one whose sheets are no XML."""


class TooMuch(ValueError):
    """Larger unpacked than a sheet can be."""


def repacked(parcel: zipfile.ZipFile) -> bytes:
    """The same parts without compression. Raises NoSheet, TooMuch."""
    found = _parts(parcel)
    judge = _Judge()
    for content in found.values():
        if b"sheetData" in content or STRINGS.search(content):
            judge.read(content)
    if judge.cells * judge.longest > MAX_COPIED:
        raise TooMuch
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as plain:
        for name, content in found.items():
            plain.writestr(name, content)
    return packed.getvalue()


def _parts(parcel: zipfile.ZipFile) -> dict[str, bytes]:
    """What comes out, counted as it comes: a parcel may lie about its sizes."""
    found: dict[str, bytes] = {}
    left, listed = MAX_UNPACKED, parcel.infolist()
    if len(listed) > MAX_PARTS:
        raise TooMuch
    for part in listed:
        if part.filename in found or part.filename.replace("\\", "/").lower() in OTHER_FORMATS:
            raise NoSheet
        with parcel.open(part) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise TooMuch
        found[part.filename] = content
    return found


class _Judge:
    """How many cells there are in all, and how long the longest shared string is."""

    def __init__(self) -> None:
        self.cells = self.longest = 0
        self.length: int | None = None

    def read(self, content: bytes) -> None:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(content, True)
        except (ExpatError, LookupError) as error:
            raise NoSheet from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "si":
            self.length = 0
        elif kind == "row" and "r" in attributes:
            self._within(attributes["r"], 1)
        elif kind == "c":
            self.cells += 1
            if self.cells > MAX_CELLS:
                raise TooMuch
            if "r" in attributes:
                found = CELL.fullmatch(attributes["r"])
                if found is None:
                    raise NoSheet
                self._within(found[2], _column(found[1]))

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si":
            self.length = None

    def _text(self, text: str) -> None:
        if self.length is not None:
            self.length += len(text.encode())
            self.longest = max(self.longest, self.length)

    def _doctype(self, *_told: object) -> None:
        raise NoSheet

    def _within(self, row: str, column: int) -> None:
        if not (row.isascii() and row.isdigit() and len(row) < 8):
            raise NoSheet
        if int(row) > LAST_ROW or column > LAST_COLUMN:
            raise TooMuch


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
