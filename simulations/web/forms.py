"""The form of one kind of what-if, and the case that it makes."""

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
    MAX_TYPED,
    MONEY,
    PERCENT,
    WHOLE,
    Ask,
    Made,
    Rows,
    example_of,
    put_rows,
    put_value,
)
from simulations.web.kinds import Kind
from ui.web.json_errors import explained

INPUTS = {
    DAY: lambda: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    MONEY: lambda: forms.TextInput(attrs={"inputmode": "decimal", "class": "tp-num"}),
    PERCENT: lambda: forms.TextInput(attrs={"inputmode": "decimal", "class": "tp-num"}),
    WHOLE: lambda: forms.TextInput(attrs={"inputmode": "numeric", "class": "tp-num"}),
}
JSON, LONGEST = "as_json", 200


class WhatIfForm(forms.Form):
    """Fields of words; `case()` after they were typed. Only the domain judges what they say."""

    def __init__(self, kind: Kind, data: Any = None) -> None:
        super().__init__(data, initial=dict(example_of(kind.asked)), auto_id="ask-%s")
        self.kind = kind
        for one in kind.asked:
            self.fields[one.name] = _rows_field(one) if isinstance(one, Rows) else _field(one)
        self.fields[JSON] = forms.CharField(
            label=_("The case as JSON"),
            required=False,
            max_length=MAX_TYPED,
            widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "tp-code"}),
        )

    @property
    def values(self) -> list[forms.BoundField]:
        return [self[one.name] for one in self.kind.asked if isinstance(one, Ask)]

    @property
    def tables(self) -> list[forms.BoundField]:
        return [self[one.name] for one in self.kind.asked if isinstance(one, Rows)]

    def made(self) -> Made:
        """The case out of the fields, and where each of its paths was typed."""
        made = Made()
        for one in self.kind.asked:
            typed = self.cleaned_data.get(one.name) or ""
            if isinstance(one, Rows):
                put_rows(made, one, typed)
            else:
                put_value(made, one, "1" if typed is True else str(typed))
        if self.kind.then is not None:
            self.kind.then(made)
        return made

    def made_of_json(self) -> Made:
        """The case as it was typed; raises InvalidCase for what is no JSON."""
        case: Any = load(self.cleaned_data.get(JSON) or "")
        return Made(case, {"": (JSON, 0, "")})

    def refuse(self, refusal: Refusal, made: Made | None) -> None:
        """Says it beside the field that it was typed in, with its row and column."""
        message = explained(refusal.code, refusal.message)
        where = made.where(refusal.field) if made is not None else None
        if where is None:
            in_json = made is None or "" in made.paths
            text = f"{refusal.field}: {message}" if refusal.field else message
            self.add_error(JSON if in_json else None, text)
            return
        name, row, column = where
        if row:
            values = {"row": row, "column": column, "message": message}
            message = (
                _("Row %(row)s, %(column)s: %(message)s") if column else _("Row %(row)s: %(message)s")
            ) % values
        self.add_error(name, message)


def pretty(case: Any) -> str:
    return json.dumps(case, ensure_ascii=False, indent=2)


def _field(ask: Ask) -> forms.Field:
    if ask.kind == FLAG:
        return forms.BooleanField(label=str(ask.label), help_text=str(ask.help), required=False)
    if ask.kind == CHOICE:
        return forms.CharField(
            label=str(ask.label),
            help_text=str(ask.help),
            required=False,
            max_length=LONGEST,
            widget=forms.Select(choices=ask.choices),
        )
    widget = INPUTS.get(ask.kind, forms.TextInput)()
    return forms.CharField(
        label=str(ask.label), help_text=str(ask.help), required=False, max_length=LONGEST, widget=widget
    )


def _rows_field(rows: Rows) -> forms.Field:
    tall = max(3, len(rows.example) + 1)
    widget = forms.Textarea(attrs={"rows": tall, "spellcheck": "false", "class": "tp-code"})
    return forms.CharField(
        label=str(rows.label), help_text=str(rows.help), required=False, max_length=MAX_TYPED, widget=widget
    )
