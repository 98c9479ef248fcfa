"""Last days: a period is stored half-open, and a person reads and types its last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui.web.typed_input import DayField

DAY = timedelta(days=1)
UNTIL, LAST_DAY = "until", "last_day"


class LastDayField(DayField):
    """A date field that displays and reads the last day of a period whose `until` is exclusive."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value - DAY if isinstance(value, date) else value)

    def clean(self, value: Any) -> date | None:
        last = super().clean(value)
        try:
            return last + DAY if last else None
        except OverflowError:
            raise ValidationError(_("This is not a date."), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial - DAY if isinstance(initial, date) else initial, data)


class LastDayAdmin:
    """Display and read the field `until` as the last day, in lists, forms and pages to read."""

    @admin.display(description=gettext_lazy("Valid through"), ordering=UNTIL)
    def last_day(self, row: Any) -> date | None:
        return row.until - DAY if row.until else None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == UNTIL:
            kwargs |= {"form_class": LastDayField, "label": _("Valid through")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]  # of the class that it is mixed into

    def get_list_display(self, request: HttpRequest) -> Any:
        return _with_last_day(super().get_list_display(request))  # type: ignore[misc]  # of the class that it is mixed into

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return _with_last_day(super().get_readonly_fields(request, obj))  # type: ignore[misc]  # of the class that it is mixed into

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_fields(request, obj)  # type: ignore[misc]  # of the class that it is mixed into
        editable = self.has_change_permission(request, obj) if obj else self.has_add_permission(request, obj)  # type: ignore[attr-defined]  # of the class that it is mixed into
        fixed = LAST_DAY in self.get_readonly_fields(request, obj)
        return names if editable and not fixed else _with_last_day(names)


def _with_last_day(names: Any) -> list[Any]:
    return [LAST_DAY if name == UNTIL else name for name in names]
