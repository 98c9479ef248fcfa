"""Reading a sales file: bytes to rows, each with the number of its line.

UTF-8 (with or without a mark) is tried first and GB18030 second; another encoding only where it
is named, for any bytes at all are readable as Latin-1. Every way in which a file can be broken is
a BadFile that names the line, the field and the reason.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kernel.refusals import Refusal

GUESSES = ("utf-8", "gb18030")
NAMED = ("utf-8", "gb18030", "cp1252", "latin-1")
COLUMNS = (
    "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country",
)  # fmt: skip
MAX_BYTES = 4 * 2**30
MAX_LINE = 64 * 2**10
MAX_COLUMNS = 200
MAX_RATIO, RATIO_FROM = 200, 16 * 2**20
GZIP = b"\x1f\x8b"


class BadFile(Refusal):
    """The file cannot be read as it is, so nothing of it is imported. `line` counts from 1."""

    code = "bad_file"

    def __init__(self, reason: str, message: str, *, line: int = 0, field: str = "") -> None:
        where = ", ".join(part for part in (f"line {line}" if line else "", field) if part)
        super().__init__(f"{where}: {message}" if where else message, field=field, line=line, reason=reason)
        self.line, self.reason = line, reason


class _Undecodable(Exception):
    def __init__(self, line: int, at: int) -> None:
        super().__init__(line, at)
        self.line, self.at = line, at


class SalesFile:
    """One file, to be read as often as one likes. `encoding` None: found out by `settle_encoding`."""

    def __init__(self, path: str | Path, encoding: str | None = None) -> None:
        self.path = Path(path)
        if encoding is not None and encoding not in NAMED:
            raise BadFile(
                "unknown_encoding", f"{encoding} is none of {', '.join(NAMED)}.", field="--encoding"
            )
        self.encoding = encoding
        self.header: list[str] = []

    def settle_encoding(self) -> str:
        """The first guess that reads every byte; the file is read to its end for it."""
        if self.encoding is None:
            first: _Undecodable | None = None
            for guess in GUESSES:
                try:
                    for _ in _decoded(self._lines(hashlib.sha256()), guess):
                        pass
                    self.encoding = guess
                    break
                except _Undecodable as error:
                    first = first or error
            else:
                assert first is not None
                raise _undecodable(first, "neither UTF-8 nor GB18030; name another with --encoding")
        return self.encoding

    def rows(self, digest: hashlib._Hash | None = None) -> Iterator[tuple[int, list[str]]]:
        """(line number, fields in the order of the file's header) of each row under the header.

        `digest` is fed the decompressed bytes.
        """
        encoding = self.settle_encoding()
        reader = csv.reader(_decoded(self._lines(digest), encoding), strict=True)
        line = 1
        try:
            self.header = _checked_header(next(reader, []))
            width = len(self.header)
            line = reader.line_num + 1
            for fields in reader:
                if len(fields) != width:
                    if fields:
                        raise BadFile(
                            "wrong_width", f"{len(fields)} fields where the header has {width}.", line=line
                        )
                else:
                    yield line, fields
                line = reader.line_num + 1
        except csv.Error as error:
            raise BadFile("bad_csv", f"no valid CSV ({error}).", line=line) from error
        except _Undecodable as error:
            raise _undecodable(error, f"not {encoding}") from error

    def _lines(self, digest: hashlib._Hash | None) -> Iterator[bytes]:
        """The file's lines as bytes, guarded against what would fill the memory or the disk."""
        line = 0
        try:
            with self.path.open("rb") as packed, _unpacked(packed, self.path.name) as stream:
                size = os.fstat(packed.fileno()).st_size
                total = 0
                while raw := stream.readline(MAX_LINE + 1):
                    line += 1
                    total += len(raw)
                    if len(raw) > MAX_LINE:
                        raise BadFile("line_too_long", f"longer than {MAX_LINE:,} bytes.", line=line)
                    if total > MAX_BYTES or (total > RATIO_FROM and total > MAX_RATIO * size):
                        message = (
                            f"it unpacks to more than {MAX_BYTES >> 30} GiB or {MAX_RATIO} times its size."
                        )
                        raise BadFile("too_large", message, line=line)
                    if digest is not None:
                        digest.update(raw)
                    yield raw
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadFile("broken_gzip", f"the gzip file is broken here ({error}).", line=line + 1) from error
        except OSError as error:
            raise BadFile("unreadable", f"{self.path} cannot be read: {error.strerror or error}.") from error


def _unpacked(packed: BinaryIO, name: str) -> BinaryIO:
    magic = packed.read(2)
    packed.seek(0)
    if magic == GZIP or name.endswith(".gz"):
        return io.BufferedReader(gzip.GzipFile(fileobj=packed), 2**18)  # type: ignore[arg-type,return-value]
    return packed


def _decoded(lines: Iterator[bytes], encoding: str) -> Iterator[str]:
    first = True
    for line, raw in enumerate(lines, 1):
        if first:
            raw, first = raw.removeprefix(b"\xef\xbb\xbf"), False  # noqa: PLW2901
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise _Undecodable(line, error.start) from None


def _undecodable(error: _Undecodable, why: str) -> BadFile:
    return BadFile("wrong_encoding", f"byte {error.at + 1} cannot be read: {why}.", line=error.line)


def _checked_header(fields: list[str]) -> list[str]:
    header = [field.strip() for field in fields]
    if len(header) > MAX_COLUMNS:
        raise BadFile("too_many_columns", f"{len(header):,} columns; at most {MAX_COLUMNS}.", line=1)
    for column in COLUMNS:
        if header.count(column) != 1:
            problem = "more than once" if column in header else "missing"
            raise BadFile("missing_column", f"the column {column} is {problem}.", line=1, field=column)
    return header
