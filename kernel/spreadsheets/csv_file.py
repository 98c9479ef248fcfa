"""Streaming reader of CSV files, plain or gzipped.

UTF-8 (with or without a byte order mark) is tried first and GB18030 second. Another encoding is
used only if the caller names it, because any bytes can be read as Latin-1.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kernel.spreadsheets.table import BadTable, Limits

GUESSED_ENCODINGS = ("utf-8", "gb18030")
ENCODINGS = ("utf-8", "gb18030", "cp1252", "latin-1")
GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class TextRow(NamedTuple):
    """A row of a CSV file, with cells of text; `number` is its first line, from 1."""

    number: int
    cells: list[str]


class _Undecodable(Exception):
    def __init__(self, line: int, byte: int) -> None:
        super().__init__(line, byte)
        self.line, self.byte = line, byte


class CsvFile:
    """One CSV file, on disk or in memory, that can be read several times.

    If `encoding` is None, the first of GUESSED_ENCODINGS that decodes every byte is used.
    """

    def __init__(
        self,
        source: Path | bytes,
        *,
        encoding: str | None = None,
        delimiter: str = ",",
        limits: Limits | None = None,
    ) -> None:
        if encoding is not None and encoding not in ENCODINGS:
            raise BadTable("unknown_encoding", f"{encoding} is none of {', '.join(ENCODINGS)}.")
        self.source, self.encoding, self.delimiter = source, encoding, delimiter
        self.limits = limits or Limits()

    def find_encoding(self) -> str:
        """Return the encoding; read the file to its end if the encoding is not known."""
        if self.encoding is None:
            errors: list[_Undecodable] = []
            for guess in GUESSED_ENCODINGS:
                try:
                    for _line in _decoded(self._lines(None), guess):
                        pass
                    self.encoding = guess
                    break
                except _Undecodable as error:
                    errors.append(error)
            else:
                raise _wrong_encoding(errors[0], "neither UTF-8 nor GB18030; name another encoding")
        return self.encoding

    def rows(self, digest: hashlib._Hash | None = None) -> Iterator[TextRow]:
        """Yield each row that is not blank, with the number of its first line.

        `digest` is updated with the unpacked bytes. Raises BadTable with the line of the fault.
        """
        encoding = self.find_encoding()
        limits, line, count = self.limits, 1, 0
        lines = _decoded(self._lines(digest), encoding)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    count += 1
                    if count > limits.max_rows:
                        raise BadTable("too_many_rows", f"more than {limits.max_rows:,} rows.", line=line)
                    if len(fields) > limits.max_columns:
                        message = f"{len(fields):,} columns; at most {limits.max_columns:,}."
                        raise BadTable("too_many_columns", message, line=line)
                    yield TextRow(line, fields)
                line = reader.line_num + 1
        except csv.Error as error:
            raise BadTable("bad_csv", f"no valid CSV ({error}).", line=line) from error
        except _Undecodable as error:
            raise _wrong_encoding(error, f"not {encoding}") from error

    def _lines(self, digest: hashlib._Hash | None) -> Iterator[bytes]:
        """Yield the unpacked lines within the limits of memory and disk."""
        limits, line, unpacked = self.limits, 0, 0
        try:
            with self._opened() as (stream, size):
                while raw := stream.readline(limits.max_line_bytes + 1):
                    line += 1
                    unpacked += len(raw)
                    if len(raw) > limits.max_line_bytes:
                        message = f"longer than {limits.max_line_bytes:,} bytes."
                        raise BadTable("line_too_long", message, line=line)
                    limits.check_unpacked(unpacked, size, line=line)
                    if digest is not None:
                        digest.update(raw)
                    yield raw
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            message = f"the gzip file is broken here ({error})."
            raise BadTable("broken_gzip", message, line=line + 1) from error
        except OSError as error:
            message = f"{self.source!s} cannot be read: {error.strerror or error}."
            raise BadTable("unreadable", message) from error

    @contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, int]]:
        """Open the source for reading unpacked bytes; yield the stream and the stored size in bytes."""
        if isinstance(self.source, bytes):
            yield io.BytesIO(_with_newlines(self.source)), len(self.source)
            return
        with self.source.open("rb") as packed:
            yield _unpacked(packed, self.source.name), os.fstat(packed.fileno()).st_size


def _with_newlines(content: bytes) -> bytes:
    """Return the content with newlines if an old Mac program ended its lines with carriage returns."""
    return content if b"\n" in content else content.replace(b"\r", b"\n")


def _unpacked(packed: BinaryIO, name: str) -> BinaryIO:
    magic = packed.read(2)
    packed.seek(0)
    if magic == GZIP or name.endswith(".gz"):
        # typeshed does not know GzipFile as a raw stream, nor a reader of one as a BinaryIO
        return io.BufferedReader(gzip.GzipFile(fileobj=packed), 2**18)
    return packed


def _decoded(lines: Iterator[bytes], encoding: str) -> Iterator[str]:
    for line, raw in enumerate(lines, 1):
        text = raw.removeprefix(BYTE_ORDER_MARK) if line == 1 else raw
        try:
            yield text.decode(encoding)
        except UnicodeDecodeError as error:
            raise _Undecodable(line, error.start + 1) from None


def _wrong_encoding(error: _Undecodable, why: str) -> BadTable:
    return BadTable("wrong_encoding", f"byte {error.byte} cannot be read: {why}.", line=error.line)
