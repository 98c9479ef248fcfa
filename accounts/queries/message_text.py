"""A message's words, put together in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def worded(message: str, params: Mapping[str, Any]) -> str:
    """`message` of the catalogue with its places filled; shape of the params: params_shown."""
    return gettext(message) % _Known(params_shown(params)) if message else ""


def params_shown(params: Mapping[str, Any]) -> dict[str, str]:
    """Text as it is; {"money": "12.50"} grouped with two places; {"day": "2026-06-30"} by locale;
    {"words": "…"} translated."""
    return {name: _shown(value) for name, value in params.items()}


def _shown(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if "money" in value:
        return formats.number_format(Decimal(value["money"]), 2, force_grouping=True)
    if "day" in value:
        return formats.date_format(date.fromisoformat(value["day"]), "SHORT_DATE_FORMAT")
    return gettext(value.get("words", ""))
