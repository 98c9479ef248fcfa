"""Filters of lists and of the API whose days go through the reader of typed input."""

from __future__ import annotations

from typing import Any

import django_filters
from django_filters.fields import DateRangeField, RangeField

from ui.web.typed_input import DayField


class DayRangeField(DateRangeField):
    def __init__(self, *args: Any, **options: Any) -> None:
        RangeField.__init__(self, (DayField(), DayField()), *args, **options)


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class DayRangeFilter(django_filters.DateFromToRangeFilter):
    """The days from the first to the last, both included."""

    field_class = DayRangeField
