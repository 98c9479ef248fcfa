"""What changes of regions (merged, renamed, split, renumbered) mean for a region that a contract grants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

REPLACED, LOSES, GAINS = "replaced", "loses", "gains"


@dataclass(frozen=True, slots=True)
class AreaChange:
    """From the day `on` the region `old` is `new`; a region that is split has a change for each part."""

    old: str
    new: str
    on: date


@dataclass(frozen=True, slots=True)
class Remap:
    """What the changes mean for a granted region.

    `effect` is REPLACED (its code no longer exists), LOSES (a part of it now lies elsewhere) or GAINS (a part
    from elsewhere now lies in it). `proposed` are the codes that cover what was granted; `on` is the first
    day. What a region gains stays as it is: the proposal is the region itself.
    """

    effect: str
    proposed: tuple[str, ...]
    on: date


def successors(code: str, changes: Sequence[AreaChange], *, day: date) -> tuple[str, ...]:
    """Return the codes that a code became by a day, in order; itself if nothing changed.

    A change that follows another is followed: A became B, then B became C. A code that comes back is
    followed once.
    """
    current = [code]
    for on in sorted({one.on for one in changes if one.on <= day}):
        became: dict[str, list[str]] = {}
        for one in changes:
            if one.on == on:
                became.setdefault(one.old, []).append(one.new)
        current = [new for old in current for new in became.get(old, [old])]
    return tuple(sorted(set(current)))


def remap(code: str, changes: Sequence[AreaChange], *, day: date) -> Remap | None:
    """Return what the changes until a day mean for a granted region; None if it covers what it did."""
    due = [one for one in changes if one.on <= day]
    inside = [one for one in due if _within(one.old, code)]
    outside = [one for one in due if not _within(one.old, code) and _within(one.new, code)]
    became = successors(code, due, day=day)
    if became != (code,):
        return Remap(REPLACED, became, min(one.on for one in due if one.old == code))
    moved = [
        one for one in inside if not all(_within(new, code) for new in successors(one.old, due, day=day))
    ]
    if moved:
        parts = {new for one in moved for new in successors(one.old, due, day=day)}
        proposed = {code} | {new for new in parts if not _within(new, code)}
        return Remap(LOSES, tuple(sorted(proposed)), min(one.on for one in moved))
    if outside:
        return Remap(GAINS, (code,), min(one.on for one in outside))
    return None


def dead_codes(changes: Iterable[AreaChange], *, day: date) -> set[str]:
    """Return the codes that no longer exist on a day: replaced, and not brought back by a later change."""
    due = [one for one in changes if one.on <= day]
    return {one.old for one in due if one.old not in successors(one.old, due, day=day)}


def _within(inner: str, outer: str) -> bool:
    """Return whether a region lies in another one: the code of a region begins with its ancestors' codes."""
    return inner.startswith(outer)
