from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError

from ui.web.last_days import LastDayField


class PeriodForm(forms.Form):
    until = LastDayField(required=False)


def test_the_last_day_is_typed_and_the_day_after_it_is_stored() -> None:
    form = PeriodForm({"until": "2028-02-29"})
    assert form.is_valid()
    assert form.cleaned_data["until"] == date(2028, 3, 1)
    assert form["until"].value() == "2028-02-29"


def test_a_stored_end_is_displayed_as_the_last_day() -> None:
    form = PeriodForm(initial={"until": date(2026, 7, 1)})
    assert form["until"].value() == date(2026, 6, 30)
    unchanged = PeriodForm({"until": "2026-06-30"}, initial={"until": date(2026, 7, 1)})
    assert not unchanged.has_changed()
    changed = PeriodForm({"until": "2026-07-01"}, initial={"until": date(2026, 7, 1)})
    assert changed.has_changed()


def test_no_day_is_an_open_end_and_the_last_day_of_the_calendar_is_refused() -> None:
    form = PeriodForm({"until": ""})
    assert form.is_valid()
    assert form.cleaned_data["until"] is None
    with pytest.raises(ValidationError):
        LastDayField().clean("9999-12-31")
