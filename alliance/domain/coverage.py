"""Which regions are granted, free or granted in part, from ranges of region codes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GRANTED, PARTLY, FREE = "granted", "partly", "free"


@dataclass(frozen=True, slots=True)
class Span:
    """A region as a half-open range of 12-digit codes."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A granted range. `is_complete` is false for a grant in one channel of several."""

    start: int
    end: int
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """The state of one region: how many of its `parts` are granted completely, and whether it is touched."""

    state: str
    granted: int
    parts: int


def coverage(regions: Iterable[Span], parts: Sequence[Span], grants: Iterable[Grant]) -> dict[str, Coverage]:
    """Return the coverage of each region by code.

    `parts` are the smallest regions, ordered by `start`; a region without parts is a part itself. A region is
    granted if each of its parts lies in a complete grant, free if no grant touches it, else partly granted.
    """
    given = list(grants)
    complete = _union((one.start, one.end) for one in given if one.is_complete)
    touched = _union((one.start, one.end) for one in given)
    starts = [part.start for part in parts]
    found = {}
    for region in regions:
        inside = parts[bisect_right(starts, region.start - 1) : bisect_right(starts, region.end - 1)]
        mine = inside or [region]
        granted = sum(_contains(complete, part.start, part.end) for part in mine)
        if granted == len(mine):
            state = GRANTED
        elif _overlaps(touched, region.start, region.end):
            state = PARTLY
        else:
            state = FREE
        found[region.code] = Coverage(state, granted, len(mine))
    return found


def uncovered(regions: Iterable[Span], territory: Iterable[Span]) -> list[Span]:
    """Return the regions that do not lie wholly in the territory."""
    ranges = _union((one.start, one.end) for one in territory)
    return [one for one in regions if not _contains(ranges, one.start, one.end)]


def _union(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the ranges in order, with adjacent and overlapping ones joined."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _contains(ranges: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(ranges, (start, end)) - 1
    before = ranges[at] if at >= 0 else None
    after = ranges[at + 1] if at + 1 < len(ranges) else None
    return any(one is not None and one[0] <= start and end <= one[1] for one in (before, after))


def _overlaps(ranges: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(ranges, (start, end)) - 1
    before = ranges[at] if at >= 0 else None
    after = ranges[at + 1] if at + 1 < len(ranges) else None
    return any(one is not None and one[0] < end and start < one[1] for one in (before, after))
