from __future__ import annotations

import csv
import random
from decimal import Decimal

import pytest

from imports.operations.sales import scan as scan_module
from imports.operations.sales.file import SalesFile
from imports.operations.sales.lines import REASONS, is_fee
from imports.operations.sales.scan import harmless, invoices, scan
from kernel.spreadsheets import BadTable
from tests.imports.sheets import row, sheet


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row(invoice=""), "no_invoice"),
        (row(code=""), "no_code"),
        (row(customer=""), "no_customer"),
        (row(code="POST"), "fee_code"),
        (row(code="m"), "fee_code"),
        (row(code="gift_0001_20"), "fee_code"),
        (row(), "duplicate"),
        (row(code="2", price="0"), "zero_price"),
        (row(code="2", price="-11062.06"), "negative_price"),
        (row(code="2", price="0.12345"), "price_too_fine"),
        (row(code="2", qty=0), "zero_quantity"),
        (row(code="2", qty=-3), "negative_quantity"),
        (row(invoice="C536379", qty=3), "positive_cancellation"),
        (row(invoice="C536379", qty=0), "zero_quantity"),
        (row(code="2", customer="12583"), "another_customer"),
    ],
)
def test_what_is_no_trade_is_rejected_with_its_line_and_reason(tmp_path, bad, reason):
    rejects = tmp_path / "rejects.csv"
    found = scan(SalesFile(sheet(tmp_path, [row(), bad])), rejects)
    assert found.accepted.lines == 1
    assert {name: total.lines for name, total in found.rejected.items()} == {reason: 1}
    [written] = csv.DictReader(rejects.open(encoding="utf-8"))
    assert (written["line"], written["reason"]) == ("3", reason)
    assert written["InvoiceNo"] == bad.split(",")[0]
    assert reason in REASONS


@pytest.mark.parametrize(
    "good",
    [
        row(code="2"),
        row(invoice="C536379", qty=-3),
        row(invoice="c536379", qty=-3),
        row(code="2", price="0.001"),
        row(code="2", price="2.550000"),
        row(code="DCGSSBOY"),
    ],
)
def test_what_is_trade_is_accepted(tmp_path, good):
    found = scan(SalesFile(sheet(tmp_path, [row(), good])))
    assert (found.accepted.lines, found.rejected) == (2, {})


def test_goods_whose_code_begins_like_a_fee_are_goods():
    assert not is_fee("BANK")
    assert not is_fee("DCGS0076")
    assert is_fee("Bank Charges")


def test_lines_without_a_customer_do_not_name_the_invoices_customer(tmp_path):
    found = scan(SalesFile(sheet(tmp_path, [row(customer=""), row(code="2", customer="1")])))
    assert list(found.customers) == ["1"]


def test_both_sides_add_up_to_the_whole_file_exactly(tmp_path):
    rows = [row(code=str(n), qty=n % 7 - 2, price=f"{n % 11 - 1}.{n:03}") for n in range(500)]
    found = scan(SalesFile(sheet(tmp_path, rows)))
    fields = [one.split(",") for one in rows]
    assert found.accepted.lines + found.rejected_in_all.lines == 500
    assert found.accepted.amount + found.rejected_in_all.amount == sum(
        int(one[3]) * Decimal(one[5]) for one in fields
    )


def test_a_product_is_named_as_most_of_its_lines_say_and_else_as_the_last(tmp_path):
    rows = [
        row(invoice="1", name="OLD"),
        row(invoice="2", name="NEW"),
        row(invoice="3", name="NEW"),
        row(invoice="4", code="2", name="FIRST"),
        row(invoice="5", code="2", name="SECOND"),
        row(invoice="6", code="3", name=""),
    ]
    assert scan(SalesFile(sheet(tmp_path, rows))).names == {"85123A": "NEW", "2": "SECOND", "3": "3"}


def whole(path, lines):
    file = SalesFile(path)
    found = scan(file)
    return found, list(invoices(file, found, after=1, lines=lines))


def test_a_chunk_holds_whole_invoices_only(tmp_path):
    rows = [row(invoice=str(n // 3), code=str(n)) for n in range(30)]
    _, chunks = whole(sheet(tmp_path, rows), 4)
    assert [len(chunk) for chunk, _ in chunks] == [2, 2, 2, 2, 2]
    assert [last for _, last in chunks] == [7, 13, 19, 25, 31]


def test_an_invoice_that_goes_on_later_stays_whole(tmp_path):
    numbers = ["1", "1", "2", "3", "1", "4", "5"]
    rows = [row(invoice=number, code=str(n)) for n, number in enumerate(numbers)]
    found, chunks = whole(sheet(tmp_path, rows), 1)
    assert found.reaches == {"1": 6}
    assert [[one.number for one in chunk] for chunk, _ in chunks] == [["1", "2", "3"], ["4"], ["5"]]


def test_a_duplicate_is_found_where_the_invoice_goes_on_later(tmp_path):
    found, chunks = whole(sheet(tmp_path, [row(), row(invoice="2"), row()]), 1)
    assert found.rejected["duplicate"].lines == 1
    assert [len(one.lines) for chunk, _ in chunks for one in chunk] == [1, 1]


@pytest.mark.parametrize("lines", [1, 7, 1000])
def test_the_second_pass_accepts_what_the_first_one_did(tmp_path, lines):
    chance = random.Random(7)
    rows = [
        row(
            invoice=chance.choice(["", "C1", "C2", *map(str, range(40))]),
            code=chance.choice(["A", "B", "POST"]),
            qty=chance.randint(-2, 3),
            customer=chance.choice(["", "7", "7", "8"]),
        )
        for _ in range(400)
    ]
    found, chunks = whole(sheet(tmp_path, rows), lines)
    accepted = [line for chunk, _ in chunks for one in chunk for line in one.lines]
    assert len(accepted) == found.accepted.lines
    assert sum(line.amount for line in accepted) == found.accepted.amount
    assert chunks[-1][1] == found.last_line


def test_reading_goes_on_after_any_chunk(tmp_path):
    path = sheet(tmp_path, [row(invoice=str(n // 3), code=str(n)) for n in range(30)])
    file = SalesFile(path)
    found = scan(file)
    chunks = list(invoices(file, found, after=1, lines=4))
    for number, (_, last) in enumerate(chunks[:-1]):
        assert list(invoices(file, found, after=last, lines=4)) == chunks[number + 1 :]


def test_an_invoice_torn_too_far_apart_asks_for_a_sorted_file(tmp_path, monkeypatch):
    monkeypatch.setattr(scan_module, "MAX_LINES_APART", 10)
    rows = [row(invoice="1"), *[row(invoice="2", code=str(n)) for n in range(20)], row(invoice="1", code="9")]
    with pytest.raises(BadTable) as caught:
        scan(SalesFile(sheet(tmp_path, rows)))
    assert (caught.value.reason, caught.value.line) == ("scattered_invoice", 23)


def test_a_file_that_is_refused_leaves_no_rejects(tmp_path):
    rejects = tmp_path / "out" / "rejects.csv"
    with pytest.raises(BadTable):
        scan(SalesFile(sheet(tmp_path, [row(customer=""), row(qty="x")])), rejects)
    assert list(rejects.parent.iterdir()) == []


def test_a_file_without_rejects_leaves_the_header_alone(tmp_path):
    rejects = tmp_path / "rejects.csv"
    scan(SalesFile(sheet(tmp_path, [row()])), rejects)
    assert len(rejects.read_text().splitlines()) == 1


def test_a_rejected_cell_runs_no_formula():
    assert [harmless(text) for text in ("=1+1", "@SUM(A1)", "-3", "+4.5", "- box", "lamp")] == [
        "'=1+1",
        "'@SUM(A1)",
        "-3",
        "+4.5",
        "'- box",
        "lamp",
    ]
