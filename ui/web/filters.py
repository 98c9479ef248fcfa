"""Filters of lists: by one row, by yes or no; and the active ones, each with the list's URL without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import Model
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.widgets import BooleanWidget

from ui.web.joined_lists import join_list

if TYPE_CHECKING:
    from ui.web.lists import ListPage


class RowFilter(django_filters.ModelChoiceFilter):
    """A filter by a row that a link names by its id; the form hides it and the chip shows its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.HiddenInput, **kwargs)


class YesNoWidget(BooleanWidget):
    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.choices = [
            ("", gettext_lazy("Any")),
            ("true", gettext_lazy("yes")),
            ("false", gettext_lazy("no")),
        ]


class YesNoFilter(django_filters.BooleanFilter):
    """A filter by yes, no or any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=YesNoWidget, **kwargs)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; `without` is the query that removes it."""

    label: str
    value: str
    without: str


def chips_of(page: ListPage) -> list[Chip]:
    found = []
    if page.typed:
        found.append(Chip(_("Search"), page.typed, _without(page, ["q"])))
    if page.filterset is None or not page.filterset.is_bound:
        return found
    form = page.filterset.form
    form.is_valid()
    for field in form:
        value = form.cleaned_data.get(field.name)
        if _is_empty(value):
            continue
        found.append(Chip(str(field.label), _display_value(field, value), _without(page, names_of(field))))
    return found


def errors_of(page: ListPage) -> list[str]:
    if page.filterset is None or not page.filterset.is_bound:
        return []
    form = page.filterset.form
    return [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]


def _is_empty(value: Any) -> bool:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return not list(value)
    return value is None or value == "" or value == slice(None)


def names_of(field: Any) -> list[str]:
    """Return the query parameters of a form's field: one, or one for each end of a range."""
    suffixes = getattr(field.field.widget, "suffixes", None)
    return [f"{field.name}_{suffix}" for suffix in suffixes] if suffixes else [field.name]


def _without(page: ListPage, names: list[str]) -> str:
    data = page.data.copy()
    for name in [*names, "page"]:
        data.pop(name, None)
    return "?" + data.urlencode()


def _display_value(field: Any, value: Any) -> str:
    """Return the label of a choice, both ends of a range, or the value itself."""
    if isinstance(value, slice):
        start, stop = _plain(value.start), _plain(value.stop)
        return f"{start} – {stop}".strip()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Model):
        return str(value)
    words = {str(key): str(word) for key, word in _flat(getattr(field.field, "choices", ()))}
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, Iterable):
        return join_list(words.get(str(one), str(one)) for one in value)
    return words.get(str(value)) or _plain(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Return the choices without groups; none for a model's choices, whose rows have a name."""
    if hasattr(choices, "queryset"):
        return []
    flat: list[tuple[Any, Any]] = []
    for key, word in choices:
        flat += word if isinstance(word, (list, tuple)) else [(key, word)]
    return flat


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "year"):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(localize(value))
