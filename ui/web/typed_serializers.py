"""Fields of request bodies and parameters of the API whose text goes through the reader of typed input."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from kernel.typed_input import UnreadableInput, read_count, read_date, read_number
from ui.web.typed_input import reason_of


class CountField(serializers.IntegerField):
    """A whole number of JSON, or text like "20"; a fraction or a boolean is refused."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        try:
            return read_count(str(data))
        except UnreadableInput as error:
            raise ValidationError(reason_of(error), code="invalid") from error


class AmountField(serializers.DecimalField):
    """A number like "12.50" or 12; what people write in other ways is read or refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        try:
            number = read_number(str(data), places=self.decimal_places or 0)
        except UnreadableInput as error:
            raise serializers.ValidationError(reason_of(error)) from error
        return super().to_internal_value(str(number))


class DayField(serializers.DateField):
    """A day like "2026-06-30"."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return read_date(str(value))
        except UnreadableInput as error:
            raise ValidationError(reason_of(error), code="invalid") from error
