"""The form of one kind of what-if, which builds a JSON case."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kernel.cases import load
from kernel.refusals import Refusal
from simulations.web.fields import (
    CHOICE,
    DAY,
    FLAG,
    INTEGER,
    MAX_TYPED_CHARACTERS,
    MONEY,
    PERCENT,
    FilledCase,
    Rows,
    ValueField,
    Where,
    example_of,
    put_rows,
    put_value,
)
from simulations.web.kinds import Kind
from ui.web.typed_input import reason_of

INPUTS = {
    DAY: lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    MONEY: lambda: forms.TextInput(attrs={"inputmode": "decimal", "class": "tp-num"}),
    PERCENT: lambda: forms.TextInput(attrs={"inputmode": "decimal", "class": "tp-num"}),
    INTEGER: lambda: forms.TextInput(attrs={"inputmode": "numeric", "class": "tp-num"}),
}
JSON, MAX_VALUE_CHARACTERS = "as_json", 200


class WhatIfForm(forms.Form):
    """Text fields of a kind, of which `made` builds a case. Only the domain validates the values."""

    def __init__(self, kind: Kind, data: Any = None) -> None:
        super().__init__(data, initial=dict(example_of(kind.fields)), auto_id="ask-%s")
        self.kind = kind
        for one in kind.fields:
            self.fields[one.name] = _rows_field(one) if isinstance(one, Rows) else _field(one)
        self.fields[JSON] = forms.CharField(
            label=_("The case as JSON"),
            required=False,
            max_length=MAX_TYPED_CHARACTERS,
            widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "tp-code"}),
        )

    @property
    def values(self) -> list[forms.BoundField]:
        return [self[one.name] for one in self.kind.fields if isinstance(one, ValueField)]

    @property
    def tables(self) -> list[forms.BoundField]:
        return [self[one.name] for one in self.kind.fields if isinstance(one, Rows)]

    def made(self) -> FilledCase:
        """Return the case built from the fields, with the place where each path was typed."""
        made = FilledCase()
        for one in self.kind.fields:
            typed = self.cleaned_data.get(one.name) or ""
            if isinstance(one, Rows):
                put_rows(made, one, typed)
            else:
                put_value(made, one, "1" if typed is True else str(typed))
        if self.kind.then is not None:
            self.kind.then(made)
        return made

    def made_of_json(self) -> FilledCase:
        """Return the case typed as JSON. Raises InvalidCase if it is not JSON."""
        case: Any = load(self.cleaned_data.get(JSON) or "")
        return FilledCase(case, {"": (JSON, 0, "")})

    def refuse(self, refusal: Refusal, made: FilledCase | None) -> None:
        """Add the refusal as an error of the field in which its path was typed, with row and column."""
        message = refusal.message
        where = made.where(refusal.field) if made is not None else None
        if where is None:
            in_json = made is None or "" in made.paths
            text = f"{refusal.field}: {message}" if refusal.field else message
            self.add_error(JSON if in_json else None, text)
            return
        self._add(where, message)

    def refuse_unread(self, made: FilledCase) -> None:
        """Add what could not be read as errors of the fields in which it was typed."""
        for where, error in made.unread:
            self._add(where, reason_of(error))

    def _add(self, where: Where, message: str) -> None:
        name, row, column = where
        if row:
            values = {"row": row, "column": column, "message": message}
            message = (
                _("Row %(row)s, %(column)s: %(message)s") if column else _("Row %(row)s: %(message)s")
            ) % values
        self.add_error(name, message)


def pretty(case: Any) -> str:
    return json.dumps(case, ensure_ascii=False, indent=2)


def _field(field: ValueField) -> forms.Field:
    if field.kind == FLAG:
        return forms.BooleanField(label=str(field.label), help_text=str(field.help), required=False)
    if field.kind == CHOICE:
        return forms.CharField(
            label=str(field.label),
            help_text=str(field.help),
            required=False,
            max_length=MAX_VALUE_CHARACTERS,
            widget=forms.Select(choices=field.choices),
        )
    widget = INPUTS.get(field.kind, forms.TextInput)()
    return forms.CharField(
        label=str(field.label),
        help_text=str(field.help),
        required=False,
        max_length=MAX_VALUE_CHARACTERS,
        widget=widget,
    )


def _rows_field(rows: Rows) -> forms.Field:
    tall = max(3, len(rows.example) + 1)
    widget = forms.Textarea(attrs={"rows": tall, "spellcheck": "false", "class": "tp-code"})
    return forms.CharField(
        label=str(rows.label),
        help_text=str(rows.help),
        required=False,
        max_length=MAX_TYPED_CHARACTERS,
        widget=widget,
    )
