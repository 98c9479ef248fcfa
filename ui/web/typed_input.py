"""Form fields and messages for the reader of typed input (`kernel.typed_input`)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kernel.quantities import Packing
from kernel.refusals import Refusal
from kernel.typed_input import UnreadableInput, read_amount, read_count, read_quantity


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
    }
    return str(reasons[error.code]) % {"typed": error.typed}


def read_typed(read: Callable[[str], Any], typed: str, *, row: str, field: str = "") -> Any:
    """Return what `read` makes of a typed value. Raise UnreadableField with the row's name and the reason."""
    try:
        return read(typed)
    except UnreadableInput as error:
        raise UnreadableField(f"{row}: {reason_of(error)}", field=field) from error


def typed_units(typed: str | None, *, row: str, packing: Packing | None = None) -> int:
    """Return a typed number of base units, 0 for an empty field; with a packing also 5箱3桶.

    Raise UnreadableField.
    """

    def read(text: str) -> int:
        if packing is None:
            return read_count(text)
        try:
            return packing.base_units(read_quantity(text))
        except KeyError as error:
            raise UnreadableInput("unknown_unit", text) from error

    found: int = read_typed(read, typed, row=row) if typed and typed.strip() else 0
    return found


class AmountField(forms.Field):
    """An amount of money or a price: 1,000.00, ¥1000, １０００; what has two meanings is refused."""

    def __init__(
        self, *, places: int = 2, min_value: Decimal | int = 0, max_digits: int = 15, **options: Any
    ) -> None:
        self.places, self.min_value, self.max_digits = places, Decimal(min_value), max_digits
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        text = value if isinstance(value, str) else "" if value is None else f"{value:f}"
        if not text.strip():
            return None
        try:
            amount = read_amount(text, places=self.places)
        except UnreadableInput as error:
            raise ValidationError(reason_of(error), code=error.code) from error
        if amount < self.min_value:
            message = _("At least %(min)s.") % {"min": self.min_value}
            raise ValidationError(message, code="min_value")
        if amount >= Decimal(10) ** (self.max_digits - self.places):
            raise ValidationError(reason_of(UnreadableInput("too_large", text)), code="too_large")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value
