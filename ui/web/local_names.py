"""Names of units and places in the reader's language. The stored name is Chinese."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import get_language

from kernel import trade_names

UnitNames = Mapping[str, tuple[str, str]]
_sources: list[Callable[[], UnitNames]] = []


def register_unit_names(source: Callable[[], UnitNames]) -> None:
    """Register the function that returns the tenant's English names of units: singular and plural."""
    _sources.append(source)


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def unit_name(name: str | None, count: int = 1) -> str:
    """Return 箱 as "case" or "cases" for an English reader.

    The tenant's own English name comes first; a unit without one has the usual word, or stays unchanged.
    """
    if not name or not _is_english():
        return name or ""
    for source in _sources:
        if own := source().get(name):
            singular, plural = own
            return singular if count == 1 else plural or singular
    return trade_names.unit_name(name, count)


def place_name(name: str | None) -> str:
    """Return 广东省惠州市 as "Guangdong, Huizhou" for an English reader."""
    if not name:
        return ""
    return trade_names.place_name(name) if _is_english() else name
