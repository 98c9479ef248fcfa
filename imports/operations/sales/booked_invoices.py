"""Recognise invoices that were imported before: with the same content they count once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from imports.operations.sales.file import SalesFile
from imports.operations.sales.lines import Invoice, SaleLine
from imports.operations.sales.scan import Scan, invoices
from kernel.sources import Difference, SourceConflict, Values, differing_lines, differing_values
from ordering.models import Order, OrderLine, Return, ReturnLine

LINES_A_CHUNK, MAX_NAMED = 10_000, 3


class ImportConflict(SourceConflict):
    """An invoice is booked already with other content; `differs` gives both values."""


class _Booked(NamedTuple):
    customer: str
    day: str
    lines: list[tuple[str, Values]]


def booked_before(file: SalesFile, found: Scan) -> list[str]:
    """Return the numbers of the file's invoices that are booked with the same content.

    Raises ImportConflict for the first one that is booked with other content.
    """
    numbers = {
        number
        for model in (Order, Return)
        for number in model.objects.filter(source__in=found.numbers).values_list("source", flat=True)
    }
    same: list[str] = []
    if not numbers:
        return same
    for chunk, _last in invoices(file, found, after=1, lines=LINES_A_CHUNK):
        repeated = [one for one in chunk if one.lines and one.number in numbers]
        booked = _booked(one.number for one in repeated)
        for invoice in repeated:
            _must_equal(invoice, booked[invoice.number])
            same.append(invoice.number)
    return same


def _booked(numbers: Iterable[str]) -> dict[str, _Booked]:
    """Return what is booked under the numbers, in four statements."""
    wanted = list(numbers)
    booked: dict[str, _Booked] = {}
    for model, day, lines, sku in (
        (Order, "placed_on", OrderLine.objects.filter(order__source__in=wanted), "sku"),
        (Return, "returned_on", ReturnLine.objects.filter(parent__source__in=wanted), "product__sku"),
    ):
        for number, customer, on in model.objects.filter(source__in=wanted).values_list(
            "source", "buyer__code", day
        ):
            booked[number] = _Booked(customer, str(on), [])
        parent = "order" if model is Order else "parent"
        for number, code, qty, price in lines.values_list(f"{parent}__source", sku, "qty", "unit_price"):
            booked[number].lines.append(_line(code, qty, price))
    return booked


def _line(sku: str, qty: int, price: Decimal) -> tuple[str, Values]:
    return sku, {"qty": qty, "price": f"{price:.4f}"}


def _must_equal(invoice: Invoice, booked: _Booked) -> None:
    first: SaleLine = invoice.lines[0]
    values = {"customer": booked.customer, "date": booked.day}
    differs = differing_values(values, {"customer": invoice.customer, "date": str(first.at.date())})
    lines = [_line(line.sku, abs(line.qty), line.price) for line in invoice.lines]
    differs += differing_lines(booked.lines, lines)
    if differs:
        raise ImportConflict(
            f"The invoice {invoice.number} is there already with other content (line {first.line}): "
            f"{_words(differs)}. Nothing was imported.",
            field="InvoiceNo",
            differs=differs,
        )


def _words(differs: Sequence[Difference]) -> str:
    words = [
        f"{one.get('line', '')} {str(one['field']).rpartition('.')[2]} {one['booked']} -> {one['requested']}"
        for one in differs[:MAX_NAMED]
    ]
    return "; ".join(word.strip() for word in words)
