"""Which schemes of a seller meet on one order line, and what happens there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pricing.domain.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two schemes that can apply to the same product on the same day.

    `effect`: excludes, only the better one of their group applies; stacks, both apply to the same line.
    `skus` are the products that both cover, None for all.
    """

    other: Scheme
    effect: str
    skus: frozenset[str] | None


def meetings(scheme: Scheme, others: Sequence[Scheme]) -> list[Meeting]:
    """Return the schemes that meet this one, excluding ones first, then by code, whatever their audiences."""
    found = [
        Meeting(other, _effect(scheme, other), _common(scheme.skus, other.skus))
        for other in others
        if scheme.period.overlaps(other.period) and _common(scheme.skus, other.skus) != frozenset()
    ]
    return sorted(found, key=lambda one: (one.effect != "excludes", one.other.code))


def _effect(scheme: Scheme, other: Scheme) -> str:
    grouped = scheme.group is not None and scheme.group == other.group
    return "excludes" if grouped and scheme.kind == other.kind else "stacks"


def _common(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
