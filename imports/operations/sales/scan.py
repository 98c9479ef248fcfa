"""The passes over a sales file: `scan` checks all of it before `invoices` yields it for writing.

The first pass finds errors, writes the rejects, totals the accepted and rejected lines and collects the
customers and products. The second pass yields the same accepted lines as complete invoices.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from imports.operations.sales.file import SalesFile
from imports.operations.sales.lines import REASONS, Invoice, LineReader, SaleLine, reason_against
from kernel.spreadsheets import BadTable
from kernel.typed_input import UnreadableInput, read_number

MAX_LINES_APART = 50_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(slots=True)
class Sum:
    """A number of lines and the exact sum of their quantity × price."""

    lines: int = 0
    amount: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        self.lines += 1
        self.amount += amount


@dataclass(slots=True)
class Customer:
    """A customer of the file: its first purchase, and the last country stated."""

    first_at: datetime
    country: str


@dataclass(slots=True)
class Scan:
    """The result of the first pass. `sha256` is of the decompressed bytes.

    `reaches` is the last line of each invoice whose lines are not consecutive.
    """

    sha256: str
    encoding: str
    accepted: Sum
    rejected: dict[str, Sum]
    customers: dict[str, Customer]
    names: dict[str, str]
    numbers: list[str]
    reaches: dict[str, int]
    last_line: int

    @property
    def rejected_in_all(self) -> Sum:
        sums = self.rejected.values()
        return Sum(sum(one.lines for one in sums), sum((one.amount for one in sums), Decimal(0)))


@dataclass(slots=True)
class _Names:
    """The most frequent description of each code, the later one of equally frequent ones."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    last: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, line: SaleLine) -> None:
        self.counts.setdefault(line.sku, Counter())[line.description] += 1
        self.last[line.sku, line.description] = line.line

    def chosen(self) -> dict[str, str]:
        return {sku: self._best(sku, counts) or sku for sku, counts in self.counts.items()}

    def _best(self, sku: str, counts: Counter[str]) -> str:
        return max(counts, key=lambda text: (text != "", counts[text], self.last[sku, text]))


def scan(file: SalesFile, rejects: Path | None = None) -> Scan:
    """Read the complete file and return what it contains.

    `rejects` is the file for the lines that are no trade, with line, reason and the raw fields. Raises
    BadTable for a file that cannot be imported, and writes nothing then.
    """
    digest = hashlib.sha256()
    accepted, rejected = Sum(), {reason: Sum() for reason in REASONS}
    customers: dict[str, Customer] = {}
    names, book = _Names(), _Invoices()
    last_line = 1
    with _Rejects(rejects) as bin_:
        for line, fields, reason in _judged(file, book, digest):
            last_line = line.line
            if reason:
                rejected[reason].add(line.amount)
                bin_.write(file.header, line.line, reason, fields)
                continue
            accepted.add(line.amount)
            names.add(line)
            customer = customers.get(line.customer)
            if customer is None:
                customers[line.customer] = Customer(line.at, line.country)
            else:
                customer.country = line.country or customer.country
                customer.first_at = min(customer.first_at, line.at)
        bin_.finish(file.header)
    return Scan(
        sha256=digest.hexdigest(),
        encoding=file.find_encoding(),
        accepted=accepted,
        rejected={reason: total for reason, total in rejected.items() if total.lines},
        customers=customers,
        names=names.chosen(),
        numbers=book.numbers(),
        reaches=book.reaches,
        last_line=last_line,
    )


def _judged(
    file: SalesFile, book: _Invoices, digest: Any = None
) -> Iterator[tuple[SaleLine, list[str], str]]:
    """Yield each row as a line, its fields, and why it is no trade ("" if it is)."""
    reader: LineReader | None = None
    for number, fields in file.rows(digest):
        reader = reader or LineReader(file.header)
        line = reader.read(number, fields)
        if line.invoice:
            yield line, fields, reason_against(line, fields, book.of(line))
        else:
            yield line, fields, "no_invoice"


class _Invoices:
    """The open invoices. An invoice is closed if none of MAX_LINES_APART consecutive lines belongs to it."""

    def __init__(self) -> None:
        self.open: dict[str, Invoice] = {}
        self.closed: set[str] = set()
        self.reaches: dict[str, int] = {}
        self._latest: Invoice | None = None
        self._left: deque[tuple[int, str]] = deque()
        self._left_at: dict[str, int] = {}
        self._line = 0

    def of(self, line: SaleLine) -> Invoice:
        """Return the invoice of a line. Raises BadTable if it was closed already."""
        latest = self._latest
        if latest is not None and latest.number == line.invoice:
            self._line = line.line
            if line.invoice in self.reaches:
                self.reaches[line.invoice] = line.line
            return latest
        if latest is not None:
            self._left.append((self._line, latest.number))
            self._left_at[latest.number] = self._line
        self._line = line.line
        self._close_before(line.line - MAX_LINES_APART)
        invoice = self.open.get(line.invoice)
        if invoice is not None:
            self.reaches[line.invoice] = line.line
        elif line.invoice in self.closed:
            message = (
                f"invoice {line.invoice} goes on more than {MAX_LINES_APART:,} lines later: sort the file."
            )
            raise BadTable("scattered_invoice", message, line=line.line, field="InvoiceNo")
        else:
            invoice = self.open[line.invoice] = Invoice(line.invoice)
        self._latest = invoice
        return invoice

    def _close_before(self, line: int) -> None:
        while self._left and self._left[0][0] < line:
            left_at, number = self._left.popleft()
            if self._left_at.get(number) == left_at:
                del self.open[number], self._left_at[number]
                self.closed.add(number)

    def numbers(self) -> list[str]:
        return sorted({*self.open, *self.closed})


def invoices(file: SalesFile, found: Scan, *, after: int, lines: int) -> Iterator[tuple[list[Invoice], int]]:
    """Yield the trade after the line `after` in chunks: (complete invoices, last line).

    A chunk has about `lines` lines. It ends only if no invoice is open, so that it can be committed.
    """
    chunk: dict[str, Invoice] = {}
    reader: LineReader | None = None
    size, last, open_until = 0, after, 0
    latest = ""
    for number, fields in file.rows():
        if number <= after:
            continue
        reader = reader or LineReader(file.header)
        line = reader.read(number, fields)
        if line.invoice != latest and line.invoice:
            if size >= lines and open_until < number:
                yield list(chunk.values()), last
                chunk, size = {}, 0
            latest = line.invoice
            open_until = max(open_until, found.reaches.get(latest, 0))
        last = number
        if not line.invoice:
            continue
        invoice = chunk.get(line.invoice)
        if invoice is None:
            invoice = chunk[line.invoice] = Invoice(line.invoice)
        size += 1
        if not reason_against(line, fields, invoice):
            invoice.lines.append(line)
    yield list(chunk.values()), last


class _Rejects:
    """The rejects file, written to a temporary file that replaces it when it is complete."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._file: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> _Rejects:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("w", encoding="utf-8", newline="")
        return self

    @property
    def _part(self) -> Path:
        assert self.path is not None
        return self.path.with_name(f"{self.path.name}.{os.getpid()}.part")

    def write(self, header: Sequence[str], line: int, reason: str, fields: Sequence[str]) -> None:
        if self._file is None:
            return
        if self._writer is None:
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(["line", "reason", *header])
        self._writer.writerow([line, reason, *map(harmless, fields)])

    def finish(self, header: Sequence[str]) -> None:
        if self._file is None or self.path is None:
            return
        if self._writer is None:
            csv.writer(self._file, lineterminator="\n").writerow(["line", "reason", *header])
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self.path)

    def __exit__(self, *error: object) -> None:
        if self._file is not None and not self._file.closed:
            self._file.close()
            self._part.unlink(missing_ok=True)


def harmless(text: str) -> str:
    """Return a cell that a spreadsheet would run as a formula as text; numbers stay unchanged."""
    if not text.startswith(FORMULA):
        return text
    try:
        read_number(text, places=20, signed=True)
    except UnreadableInput:
        return f"'{text}"
    return text
