"""Parse the rows of a sales file, and decide which are trade.

A field that cannot be parsed (a word instead of a number) raises BadTable, and nothing is imported. A row
that is no trade between the wholesaler and a customer is rejected with one of REASONS, and the rest of
the file is imported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from imports.operations.sales.file import COLUMNS
from kernel.spreadsheets import BadTable
from kernel.typed_input import UnreadableInput, read_number

FEE_CODES = frozenset({"AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "PADS", "POST", "S"})
"""Stock codes that are no goods: fees, postage, carriage, discounts, samples, bad debt, manual
corrections and a pad sold for a tenth of a penny. Case does not matter; codes GIFT_… are fees too."""

REASONS = {
    "no_invoice": "no invoice number",
    "no_code": "no stock code",
    "no_customer": "no customer",
    "fee_code": "a fee, not goods",
    "duplicate": "equal to an earlier line in every column",
    "negative_price": "a price below zero",
    "zero_price": "a price of zero",
    "price_too_fine": "a price with more than 4 places",
    "zero_quantity": "a quantity of zero",
    "negative_quantity": "a negative quantity outside a cancellation",
    "positive_cancellation": "a cancellation of a positive quantity",
    "another_customer": "another customer than the invoice's first",
}
MAX_CHARACTERS = {"InvoiceNo": 50, "StockCode": 60, "CustomerID": 40, "Country": 100, "Description": 2000}
PRICE_PLACES = 4
MAX_QUANTITY, MAX_PRICE_PLACES = 999_999_999, 20
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_ZERO = Decimal(0)
MAX_SPELLINGS = 20_000
T = TypeVar("T")


class SaleLine(NamedTuple):
    """A parsed row. `at` is the wholesaler's local time; `amount` is quantity × price, unrounded."""

    line: int
    invoice: str
    sku: str
    description: str
    qty: int
    at: datetime
    price: Decimal
    customer: str
    country: str
    amount: Decimal

    @property
    def is_cancellation(self) -> bool:
        return self.invoice[:1] in {"C", "c"}


@dataclass(slots=True)
class LineReader:
    """Parse fields into SaleLines; each distinct text of a number or a date is parsed once."""

    header: Sequence[str]
    _numbers: dict[str, int] = field(default_factory=dict)
    _prices: dict[str, Decimal] = field(default_factory=dict)
    _dates: dict[str, datetime] = field(default_factory=dict)
    _places: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        self._places = tuple(self.header.index(column) for column in COLUMNS)

    def read(self, line: int, fields: Sequence[str]) -> SaleLine:
        """Parse one row. Raises BadTable with the line and the field that is invalid."""
        i, s, d, q, t, p, c, n = self._places
        for column, place in (("InvoiceNo", i), ("StockCode", s), ("CustomerID", c), ("Country", n)):
            text = fields[place]
            if len(text) > MAX_CHARACTERS[column] or "\x00" in text:
                raise _too_wide(line, column)
        description = fields[d]
        if len(description) > MAX_CHARACTERS["Description"] or "\x00" in description:
            raise _too_wide(line, "Description")
        qty = self._numbers.get(fields[q])
        if qty is None:
            qty = _bounded(self._numbers)[fields[q]] = _quantity(line, fields[q])
        price = self._prices.get(fields[p])
        if price is None:
            price = _bounded(self._prices)[fields[p]] = _price(line, fields[p])
        at = self._dates.get(fields[t])
        if at is None:
            at = _bounded(self._dates)[fields[t]] = _date(line, fields[t])
        return SaleLine(
            line,
            fields[i].strip(),
            fields[s].strip(),
            description.strip(),
            qty,
            at,
            price,
            fields[c].strip(),
            fields[n].strip(),
            qty * price,
        )


@dataclass(slots=True)
class Invoice:
    """The lines of one invoice that are trade; its customer and all its rows, to check the next line."""

    number: str
    customer: str = ""
    lines: list[SaleLine] = field(default_factory=list)
    rows: set[tuple[str, ...]] = field(default_factory=set)


def reason_against(line: SaleLine, fields: Sequence[str], invoice: Invoice) -> str:
    """Return why a line is no trade, or "" if it is, and add it to the rows of the invoice."""
    key = tuple(fields)
    if key in invoice.rows:
        is_duplicate = True
    else:
        is_duplicate = False
        invoice.rows.add(key)
    reason = _reason_in_itself(line, is_duplicate)
    if reason:
        return reason
    if not invoice.customer:
        invoice.customer = line.customer
    return "" if invoice.customer == line.customer else "another_customer"


def _reason_in_itself(line: SaleLine, is_duplicate: bool) -> str:
    if not line.sku:
        return "no_code"
    if not line.customer:
        return "no_customer"
    if is_fee(line.sku):
        return "fee_code"
    if is_duplicate:
        return "duplicate"
    if line.price <= _ZERO:
        return "negative_price" if line.price < _ZERO else "zero_price"
    if int(line.price.as_tuple().exponent) < -PRICE_PLACES:
        return "price_too_fine"
    if line.is_cancellation:
        return "" if line.qty < 0 else "positive_cancellation" if line.qty else "zero_quantity"
    return "" if line.qty > 0 else "negative_quantity" if line.qty else "zero_quantity"


def is_fee(sku: str) -> bool:
    """Return whether a stock code is a fee and not goods."""
    code = sku.upper()
    return code in FEE_CODES or code.startswith("GIFT_")


def _bounded(spellings: dict[str, T]) -> dict[str, T]:
    """Return the cache, emptied if it is full."""
    if len(spellings) >= MAX_SPELLINGS:
        spellings.clear()
    return spellings


def _too_wide(line: int, column: str) -> BadTable:
    message = f"longer than {MAX_CHARACTERS[column]} characters, or a NUL."
    return BadTable("bad_text", message, line=line, field=column)


def _quantity(line: int, text: str) -> int:
    try:
        qty = int(read_number(text, places=0, signed=True))
    except UnreadableInput:
        qty = MAX_QUANTITY + 1
    if abs(qty) > MAX_QUANTITY:
        message = f"“{text[:40]}” is no whole number of at most 9 digits."
        raise BadTable("bad_number", message, line=line, field="Quantity")
    return qty


def _price(line: int, text: str) -> Decimal:
    try:
        price = read_number(text, places=MAX_PRICE_PLACES, signed=True)
    except UnreadableInput as error:
        message = f"“{text[:40]}” is no price."
        raise BadTable("bad_number", message, line=line, field="UnitPrice") from error
    if abs(price) > MAX_QUANTITY:
        raise BadTable("bad_number", f"“{text[:40]}” is no price.", line=line, field="UnitPrice")
    fine = round(price, PRICE_PLACES)
    return fine if fine == price and int(price.as_tuple().exponent) < -PRICE_PLACES else price


def _date(line: int, text: str) -> datetime:
    try:
        if not _DATE.fullmatch(text.strip()):
            raise ValueError(text)
        at = datetime.fromisoformat(text.strip())
        if not 1970 <= at.year <= 2200:
            raise ValueError(text)
    except ValueError:
        message = f"“{text[:40]}” is no date like 2010-12-01 08:26:00."
        raise BadTable("bad_date", message, line=line, field="InvoiceDate") from None
    return at
