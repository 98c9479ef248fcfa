"""Edit conflicts: a form saves only over the version that it was filled with.

The form carries `version`, the fingerprint of the values that it was filled with, and the view saves
through `save_version`. If other values are stored by then, both are displayed (kit/meanwhile.html) and
the form gets the new fingerprint, so that the user can save over them on purpose.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.translation import gettext as _

from kernel.refusals import Refusal

FIELD = "version"
MAX_CHARACTERS = 64
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field with different values: the stored one and the typed one."""

    label: str
    stored: str
    typed: str


class ChangedMeanwhile(Refusal):
    """Another user has changed the row since the form was filled.

    Details: `version` is the fingerprint of the stored values, `differences` is a list of Difference.
    """

    code = "conflict"


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return a hash of the values; it depends neither on their order nor on a decimal's trailing zeros."""
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


def submitted_version(request: HttpRequest) -> str:
    """Return the version that the submitted form was filled with."""
    return request.POST.get(FIELD, "")[:MAX_CHARACTERS]


def save_version(
    request: HttpRequest, form: BaseForm, *, read: Callable[[], Mapping[str, Any]], save: Callable[[], Made]
) -> Made:
    """Save if the form was filled with the stored version; raise ChangedMeanwhile if not.

    Call it in a transaction. `read` locks the row and returns the values that would fill the form now,
    or {} for a new row.
    """
    stored = read()
    version = fingerprint(stored)
    if stored and submitted_version(request) != version:
        message = _("Someone else changed this meanwhile; nothing of theirs is overwritten.")
        raise ChangedMeanwhile(message, field=FIELD, version=version, differences=differences(form, stored))
    return save()


def differences(form: BaseForm, stored: Mapping[str, Any]) -> list[Difference]:
    """Return the fields of a bound form whose values differ from the stored ones."""
    found = []
    for bound in form:
        theirs, mine = stored.get(bound.name), form.cleaned_data.get(bound.name, bound.value())
        if _plain(theirs) != _plain(mine):
            values = _display_value(bound.field, theirs), _display_value(bound.field, mine)
            found.append(Difference(str(bound.label), *values))
    return found


def _display_value(field: Any, value: Any) -> str:
    names = {str(one): str(name) for one, name in getattr(field, "choices", ())}
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        value = field.prepare_value(value)
    return names.get(str(value), str(localize(value)))
