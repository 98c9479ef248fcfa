"""Two sides measured by turns, so that what else the machine does meets both alike.

A run is split into slices: application, bare, bare, application, … Each pair of neighbours gives one
ratio. The answer is the median of all slices with its quartiles: a change smaller than the distance
between the quartiles is not established by one run.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """Orders a second of two neighbouring slices."""

    application: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.application / self.bare


def alternate(count: int, application: Callable[[int], float], bare: Callable[[int], float]) -> list[Pair]:
    """Run `count` pairs of slices; the side that begins changes from pair to pair."""
    pairs = []
    for n in range(count):
        if n % 2:
            second = bare(n)
            first = application(n)
        else:
            first = application(n)
            second = bare(n)
        pairs.append(Pair(first, second))
    return pairs


def median_and_quartiles(values: Sequence[float], places: int) -> tuple[float, list[float]]:
    """Return the median, and the lower and upper quartile."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return round(middle, places), [round(low, places), round(high, places)]


def cpu_seconds(pids: Sequence[int]) -> float:
    """The processor time that these processes have used, from Linux' /proc; 0 where there is none."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
