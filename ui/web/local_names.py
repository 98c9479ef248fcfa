"""Names of units, tiers and places in the reader's language. The stored name is Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import get_language

from kernel import trade_names


def _local(translate: Callable[[str], str], name: str | None) -> str:
    if not name:
        return ""
    return translate(name) if (get_language() or "").startswith("en") else name


def unit_name(name: str | None, count: int = 1) -> str:
    """Return 箱 as "case" or "cases" for an English reader; a unit of the tenant's own unchanged."""
    return _local(lambda stored: trade_names.unit_name(stored, count), name)


def tier_name(name: str | None) -> str:
    """Return 核心 as "Core" for an English reader; a tier of the tenant's own unchanged."""
    return _local(trade_names.tier_name, name)


def place_name(name: str | None) -> str:
    """Return 广东省惠州市 as "Guangdong, Huizhou" for an English reader."""
    return _local(trade_names.place_name, name)
