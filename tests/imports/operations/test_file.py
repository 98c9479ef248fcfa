from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from imports.operations.sales import file
from imports.operations.sales.file import SalesFile
from imports.operations.sales.scan import scan
from kernel.spreadsheets import BadTable
from tests.imports.sheets import HEADER, row, sheet


def refused(path, encoding=None) -> BadTable:
    with pytest.raises(BadTable) as caught:
        scan(SalesFile(path, encoding))
    return caught.value


def test_a_gzip_file_reads_like_the_plain_one(tmp_path):
    plain = scan(SalesFile(sheet(tmp_path, [row()])))
    packed = scan(SalesFile(sheet(tmp_path, [row()], name="sales.csv.gz")))
    assert plain.sha256 == packed.sha256
    assert plain.accepted == packed.accepted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_is_read_in_each_usual_encoding(tmp_path, encoding):
    found = scan(SalesFile(sheet(tmp_path, [row(name="岭珠生抽酱油")], encoding=encoding)))
    assert found.names == {"85123A": "岭珠生抽酱油"}


def test_latin_1_is_read_only_where_it_is_named(tmp_path):
    path = sheet(tmp_path, [row(), row(code="2", name="CAFÉ ")], encoding="cp1252")
    assert refused(path).reason == "wrong_encoding"
    assert refused(path).line == 3
    assert scan(SalesFile(path, "cp1252")).names["2"] == "CAFÉ"


def test_an_unknown_encoding_is_refused(tmp_path):
    assert refused(sheet(tmp_path, [row()]), "ebcdic").reason == "unknown_encoding"


def test_columns_may_stand_in_any_order_and_others_beside_them(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(
        "Extra,CustomerID,Country,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice\n"
        "x,17850,France,1,A,LAMP,2,2011-01-04 10:00:00,1.5\n"
    )
    found = scan(SalesFile(path))
    assert str(found.accepted.amount) == "3.0"
    assert found.customers["17850"].country == "France"


@pytest.mark.parametrize("column", HEADER.split(","))
def test_a_missing_column_is_named(tmp_path, column):
    error = refused(sheet(tmp_path, [], header=HEADER.replace(column, "Other")))
    assert (error.reason, error.line, error.field) == ("missing_column", 1, column)


def test_an_empty_file_has_no_columns(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    assert refused(tmp_path / "empty.csv").reason == "missing_column"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "nowhere.csv").reason == "unreadable"
    assert refused(tmp_path).reason == "unreadable"


@pytest.mark.parametrize(
    ("bad", "field", "reason"),
    [
        (row(qty="six"), "Quantity", "bad_number"),
        (row(qty="6.5"), "Quantity", "bad_number"),
        (row(qty='"9,5"'), "Quantity", "bad_number"),
        (row(price='"1,5"'), "UnitPrice", "bad_number"),
        (row(qty="9999999999"), "Quantity", "bad_number"),
        (row(qty=""), "Quantity", "bad_number"),
        (row(price="cheap"), "UnitPrice", "bad_number"),
        (row(price="NaN"), "UnitPrice", "bad_number"),
        (row(price="1e3"), "UnitPrice", "bad_number"),
        (row(price=""), "UnitPrice", "bad_number"),
        (row(at="1/12/2010 8:26"), "InvoiceDate", "bad_date"),
        (row(at="2011-02-29 08:26:00"), "InvoiceDate", "bad_date"),
        (row(at="0001-02-03 08:26:00"), "InvoiceDate", "bad_date"),
        (row(customer="1" * 41), "CustomerID", "bad_text"),
        (row(code="A\x00B"), "StockCode", "bad_text"),
        (row(name="x" * 2001), "Description", "bad_text"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_with_its_line(tmp_path, bad, field, reason):
    error = refused(sheet(tmp_path, [row(), bad]))
    assert (error.line, error.field, error.reason) == (3, field, reason)
    assert str(error).startswith(f"line 3, {field}: ")


def test_a_row_of_another_width_is_named(tmp_path):
    error = refused(sheet(tmp_path, [row(), "a,b,c"]))
    assert (error.line, error.reason) == (3, "wrong_width")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    error = refused(sheet(tmp_path, [row(name='"TWO\nLINES"'), "", row(qty="x")]))
    assert error.line == 5


def test_an_open_quote_is_no_csv(tmp_path):
    assert refused(sheet(tmp_path, [row(name='"OPEN'), row()])).reason == "bad_csv"


@pytest.mark.parametrize("keep", [5, 40, 0.9])
def test_a_cut_gzip_is_refused(tmp_path, keep):
    path = sheet(tmp_path, [row(invoice=str(n)) for n in range(5000)], name="sales.csv.gz")
    packed = path.read_bytes()
    path.write_bytes(packed[: keep if isinstance(keep, int) else int(len(packed) * keep)])
    assert refused(path).reason == "broken_gzip"


def test_a_flipped_byte_in_a_gzip_is_refused(tmp_path):
    path = sheet(tmp_path, [row(invoice=str(n)) for n in range(5000)], name="sales.csv.gz")
    packed = bytearray(path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    assert refused(path).reason in {"broken_gzip", "wrong_encoding", "wrong_width", "bad_number", "bad_date"}


def test_a_name_that_says_gzip_over_other_bytes_is_refused(tmp_path):
    (tmp_path / "sales.csv.gz").write_bytes(b"InvoiceNo,StockCode\n")
    assert refused(tmp_path / "sales.csv.gz").reason == "broken_gzip"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "LIMITS", replace(file.LIMITS, ratio_from_bytes=2**20))
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb") as target:
        target.write(f"{HEADER}\n{row()}\n".encode())
        for _ in range(4000):
            target.write(b" " * 4095 + b"\n")
    error = refused(bomb)
    assert error.reason == "too_large"
    assert error.line < 2000


def test_a_line_without_an_end_is_refused(tmp_path):
    path = tmp_path / "endless.csv"
    path.write_bytes(f"{HEADER}\n".encode() + b"x" * (file.LIMITS.max_line_bytes + 1))
    assert refused(path).reason == "line_too_long"


def test_a_million_columns_are_refused(tmp_path):
    (tmp_path / "wide.csv").write_text(HEADER + "," * 10_000 + "\n")
    assert refused(tmp_path / "wide.csv").reason == "too_many_columns"
