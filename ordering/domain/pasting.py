"""Lines that were pasted or typed: what names the product, how many, in which unit.

A row is split at tabs, else at commas and semicolons, else at spaces, where the last number is
the quantity: "生抽500 20箱". Nothing is dropped: a row that cannot be read says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_ROWS, LONGEST_ROW = 5000, 400
MAX_UNITS = 1_000_000_000
_HEADS = {"数量", "數量", "qty", "quantity", "订货数量", "件数"}
_SPACED = re.compile(
    r"^(?P<named>.+?)(?:\s*[×*]\s*|\s+x\s*|\s+)"
    r"(?P<qty>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s]{0,20})$",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=\s)\d{1,3}(?:,\d{3})+(?![\d,])")
_GROUPED = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_COUNT = re.compile(r"^(?P<qty>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s.,-]{0,20})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that can be read: `qty` of `unit` ("" the base unit) of what `named` names."""

    row: int
    named: str
    qty: int
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot: `field` is product, quantity or unit; `reason` one of no_quantity,
    no_product, not_whole, not_positive, too_large, too_many, too_long, unknown, ambiguous, unit, ended."""

    row: int
    field: str
    reason: str
    text: str
    found: tuple[str, ...] = ()


def read_text(text: str) -> tuple[list[Asked], list[Unread]]:
    """The rows of a pasted text; empty ones and a first row of heads are no rows."""
    return _read(_cells_of(line) for line in text.replace("\x00", "").splitlines())


def read_cells(rows: Iterable[Sequence[object]]) -> tuple[list[Asked], list[Unread]]:
    """The rows of a spreadsheet, as its reader hands them out."""
    return _read([_plain(cell) for cell in row] for row in rows)


def read_typed(text: str) -> Asked | Unread | None:
    """One line of the add field; without a quantity it is one of the product's ordering unit."""
    cells = _cells_of(text)
    if not any(cells):
        return None
    asked, unread = _read([cells])
    if unread and unread[0].reason == "no_quantity":
        return Asked(1, _squeezed(text), 0, "", text)
    return asked[0] if asked else unread[0]


def _read(rows: Iterable[Sequence[str]]) -> tuple[list[Asked], list[Unread]]:
    asked: list[Asked] = []
    unread: list[Unread] = []
    for number, cells in enumerate(rows, start=1):
        if not any(cells):
            continue
        text = "\t".join(cells)
        if not asked and not unread and {cell.lower() for cell in cells} & _HEADS:
            continue
        if len(asked) + len(unread) >= MAX_ROWS:
            unread.append(Unread(number, "row", "too_many", text[:LONGEST_ROW]))
            break
        one = _row(number, cells, text)
        if isinstance(one, Asked):
            asked.append(one)
        else:
            unread.append(one)
    return asked, unread


def _cells_of(line: str) -> list[str]:
    if len(line) > 10 * LONGEST_ROW:
        return [line[: LONGEST_ROW + 1]]
    plain = unicodedata.normalize("NFKC", line)
    for marks in ("\t", r"[,;、]"):
        if marks != "\t":
            plain = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain)
        cells = [_squeezed(cell) for cell in re.split(marks, plain)]
        if len(cells) > 1:
            return cells
    return _spaced(_squeezed(plain))


def _spaced(plain: str) -> list[str]:
    found = _SPACED.match(plain[:LONGEST_ROW])
    return [found["named"].strip(), found["qty"], found["unit"]] if found else [plain]


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _squeezed(unicodedata.normalize("NFKC", "" if cell is None else str(cell)))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _row(number: int, cells: Sequence[str], text: str) -> Asked | Unread:
    """The first cell names the product; the quantity is the first number after it."""
    if len(text) > LONGEST_ROW:
        return Unread(number, "row", "too_long", text[:LONGEST_ROW])
    named, *rest = cells
    if not named:
        return Unread(number, "product", "no_product", text)
    if not any(rest):
        spaced = _spaced(named)
        if len(spaced) == 1:
            return Unread(number, "quantity", "no_quantity", text)
        named, *rest = spaced
    for at, cell in enumerate(rest):
        found = _COUNT.match(cell)
        if found:
            unit = found["unit"] or (rest[at + 1] if at + 1 < len(rest) else "")
            return _counted(number, named, found["qty"], unit.strip(), text)
    wrong = any(cell[:1] in "-+.0123456789" for cell in rest if cell)
    return Unread(number, "quantity", "not_whole" if wrong else "no_quantity", text)


def _counted(number: int, named: str, digits: str, unit: str, text: str) -> Asked | Unread:
    whole, _point, part = digits.replace(",", "").partition(".")
    if part.strip("0") or not _GROUPED.fullmatch(digits):  # 1,5 is not fifteen
        return Unread(number, "quantity", "not_whole", text)
    qty = int(whole[:15])
    if qty < 1:
        return Unread(number, "quantity", "not_positive", text)
    if qty > MAX_UNITS:
        return Unread(number, "quantity", "too_large", text)
    return Asked(number, named, qty, unit[:20], text)
