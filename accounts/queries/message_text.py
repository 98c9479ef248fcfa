"""The text of a message in the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext


class _ParamsOrDash(dict[str, str]):
    """Parameters by name; a missing one is a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def message_text(message: str, params: Mapping[str, Any]) -> str:
    """Return a message of the catalogue with its placeholders filled; for `params` see params_displayed."""
    return gettext(message) % _ParamsOrDash(params_displayed(params)) if message else ""


def params_displayed(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a message as text in the active language.

    Text stays as it is; {"money": "12.50"} is grouped with two places; {"day": "2026-06-30"} is formatted
    by the locale; {"words": "…"} is translated.
    """
    return {name: _display_value(value) for name, value in params.items()}


def _display_value(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "money" in value:
        return formats.number_format(Decimal(value["money"]), 2, force_grouping=True)
    if "day" in value:
        return formats.date_format(date.fromisoformat(value["day"]), "SHORT_DATE_FORMAT")
    return gettext(value.get("words", ""))
