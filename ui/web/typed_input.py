"""Form fields and messages for the reader of typed input (`kernel.typed_input`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kernel.quantities import MAX_UNITS, Packing
from kernel.refusals import Refusal
from kernel.typed_input import (
    UnreadableInput,
    read_amount,
    read_count,
    read_date,
    read_number,
    read_quantity,
)

MAX_STORED = 2**63 - 1


class UnreadableField(Refusal):
    """A typed value that is refused, with a message in the user's language that names its row."""

    code = "unreadable"


def reason_of(error: UnreadableInput) -> str:
    """Return in the user's language why typed input is refused, and how to write it."""
    reasons: dict[str, Any] = {
        "empty": _("a value is missing"),
        "two_meanings": _("“%(typed)s” has more than one meaning: write 1,200 or 1.5"),
        "too_many_places": _("“%(typed)s” has too many decimal places"),
        "not_whole": _("“%(typed)s” is no whole number"),
        "negative": _("“%(typed)s” is negative"),
        "too_large": _("“%(typed)s” is too large"),
        "too_long": _("“%(typed)s…” is too long"),
        "no_percent": _("“%(typed)s” is no percentage: write 2%%"),
        "unknown_unit": _("“%(typed)s” has a unit that the product does not have"),
        "not_a_number": _("“%(typed)s” is no number"),
        "two_dates": _("“%(typed)s” has more than one meaning: write 2026-01-05"),
        "no_such_day": _("there is no day “%(typed)s”"),
        "not_a_date": _("“%(typed)s” is no date: write 2026-01-05"),
    }
    return str(reasons[error.code]) % {"typed": error.typed}


def read_typed(read: Callable[[str], Any], typed: str, *, row: str, field: str = "") -> Any:
    """Return what `read` makes of a typed value. Raise UnreadableField with the row's name and the reason."""
    try:
        return read(typed)
    except UnreadableInput as error:
        raise UnreadableField(f"{row}: {reason_of(error)}", field=field) from error


def typed_units(
    typed: str | None, *, row: str, field: str = "", factor: int = 1, packing: Packing | None = None
) -> int:
    """Return a typed number of units of `factor` base units each, 0 for an empty field.

    With a packing also 5箱3桶. Raise UnreadableField with the row's name.
    """

    def read(text: str) -> int:
        if packing is None:
            return read_count(text, max_count=MAX_UNITS // factor) * factor
        try:
            return packing.base_units(read_quantity(text))
        except KeyError as error:
            raise UnreadableInput("unknown_unit", text) from error

    found: int = read_typed(read, typed, row=row, field=field) if typed and typed.strip() else 0
    return found


def typed_day(typed: str | None, *, row: str, field: str = "") -> date | None:
    """Return a typed day, None for an empty field. Raise UnreadableField."""
    if not typed or not typed.strip():
        return None
    day: date = read_typed(read_date, typed, row=row, field=field)
    return day


class _TypedField:
    """A form field that reads text with `read` and leaves values of Python alone."""

    def read(self, typed: str) -> Any:
        """Return the value. Raise UnreadableInput or ValidationError."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return self.read(value)
        except UnreadableInput as error:
            raise ValidationError(reason_of(error), code=error.code) from error


class AmountField(_TypedField, forms.DecimalField):
    """An amount, a price or another decimal: 1,000.00, ¥1000, １０００; what has two meanings is refused."""

    def __init__(self, *, max_digits: int = 15, decimal_places: int = 2, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        options.setdefault("min_value", 0)
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)
        self.low, self.high = options["min_value"], options.get("max_value")
        self.places, self.limit = decimal_places, Decimal(10) ** (max_digits - decimal_places)

    def read(self, typed: str) -> Decimal:
        amount = read_amount(typed, places=self.places, signed=self.low is None or self.low < 0)
        _check_range(amount, self.low, self.high)
        if abs(amount) >= self.limit:
            raise UnreadableInput("too_large", typed)
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class CountField(_TypedField, forms.IntegerField):
    """A whole number: 20, 1,200, 二十; signed if `min_value` is negative."""

    def __init__(self, *, min_value: int = 0, max_value: int = MAX_UNITS, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(min_value=min_value, max_value=max_value, **options)
        self.low, self.high = min_value, max_value

    def read(self, typed: str) -> int:
        if self.low < 0:
            count = int(read_number(typed, places=0, signed=True))
        else:
            count = read_count(typed, max_count=MAX_STORED)
        _check_range(count, self.low, self.high)
        return count


class DayField(_TypedField, forms.DateField):
    """A day: 2026-01-05, 2026/1/5, 2026年1月5日; 01/02/2026 has two meanings and is refused."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)

    def read(self, typed: str) -> date:
        return read_date(typed)


def _check_range(value: Decimal | int, low: Any, high: Any) -> None:
    if low is not None and value < low:
        raise ValidationError(_("At least %(min)s.") % {"min": low}, code="min_value")
    if high is not None and value > high:
        raise ValidationError(_("At most %(max)s.") % {"max": high}, code="max_value")
