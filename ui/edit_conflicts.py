"""Two who edit one thing: a form says what it was filled with, and saves over nothing else.

The form carries `version`, the fingerprint of the values it was filled with; the view saves through
`save_seen`. Where something else is stored by then, both are shown (kit/meanwhile.html), the form
comes back with the new fingerprint, and the next save is a knowing one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.translation import gettext as _

from kernel.refusals import Refusal

FIELD = "version"
LONGEST = 64
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people say differently."""

    label: str
    stored: str
    typed: str


class ChangedMeanwhile(Refusal):
    """`version` is the fingerprint of what is stored now, `differences` each field said differently."""

    code = "conflict"


def fingerprint(values: Mapping[str, Any]) -> str:
    """The same for the same values, in whatever order; a decimal counts by its worth."""
    plain = {name: _plain(value) for name, value in values.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return "" if value is None else str(value)


def seen_in(request: HttpRequest) -> str:
    """What the form that was sent had been filled with."""
    return request.POST.get(FIELD, "")[:LONGEST]


def save_seen(
    request: HttpRequest, form: BaseForm, *, read: Callable[[], Mapping[str, Any]], save: Callable[[], Made]
) -> Made:
    """Saves where the form was filled with what is stored; raises ChangedMeanwhile where not.

    Within a transaction. `read` locks the row and answers what the form would be filled with now;
    {} for a thing that is new.
    """
    stored = read()
    now = fingerprint(stored)
    if stored and seen_in(request) != now:
        told = _("Someone else changed this meanwhile; nothing of theirs is overwritten.")
        raise ChangedMeanwhile(told, field=FIELD, version=now, differences=differences(form, stored))
    return save()


def differences(form: BaseForm, stored: Mapping[str, Any]) -> list[Difference]:
    """The fields of a bound form that say something else than what is stored."""
    found = []
    for bound in form:
        theirs, mine = stored.get(bound.name), form.cleaned_data.get(bound.name, bound.value())
        if _plain(theirs) != _plain(mine):
            found.append(Difference(str(bound.label), _said(bound.field, theirs), _said(bound.field, mine)))
    return found


def _said(field: Any, value: Any) -> str:
    names = {str(one): str(name) for one, name in getattr(field, "choices", ())}
    if value is None or value == "":
        return ""
    return names.get(str(value), str(localize(value)))
