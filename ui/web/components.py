"""Data of the components in templates/kit, formatted in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

WIDTH, HEIGHT, EDGE = 72, 28, 3


@dataclass(frozen=True, slots=True)
class Badge:
    """A label with an icon; `mood` is good, warn, bad, info, teal or "" (kit/badge, kit/state).

    A spreadsheet gets its text.
    """

    text: str | Promise
    mood: str = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure; `mood` is good, warn, bad or "", and is not expressed by colour alone (kit/kpis)."""

    label: str
    value: str
    unit: str = ""
    note: str = ""
    mood: str = ""
    icon: str = ""
    spark: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One point of a timeline; `state` is done, now, open or bad (kit/timeline)."""

    title: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    url: str = ""
    state: str = "done"


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One term of the equation that explains a figure."""

    label: str
    value: str
    note: str = ""
    mood: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A figure and its explanation: an equation, then sentences (kit/why)."""

    title: str
    value: str
    unit: str = ""
    badge: Badge | None = None
    rows: Sequence[WhyRow] = ()
    sentences: Sequence[str] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A step on a progress bar; `at` is in hundredths of its width."""

    at: str
    label: str
    gives: str = ""
    next: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """Progress along several steps (kit/steps); `width` is in hundredths."""

    title: str
    note: str
    width: str
    marks: Sequence[Mark] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a split bar; `kind` is its fill: main, used, kept, warn, bad, none."""

    kind: str
    at: str
    width: str
    label: str


@dataclass(frozen=True, slots=True)
class Split:
    """A total and its parts (kit/split)."""

    title: str
    value: str
    parts: Sequence[Part] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table (kit/chart): `data` is an ECharts option of plain JSON."""

    id: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    data: dict[str, Any] = field(default_factory=dict)
    table_open: bool = False


def hundredths(part: Decimal | int, total: Decimal | int) -> str:
    """Return a part of a total as a width from 0 to 100, for an SVG attribute."""
    if not total or part <= 0:
        return "0"
    return f"{min(Decimal(100), Decimal(100) * Decimal(part) / Decimal(total)):.2f}"


def sparkline(values: Sequence[Decimal | int | float]) -> str:
    """Return the points of an SVG polyline, WIDTH × HEIGHT; "" for fewer than three values."""
    if len(values) < 3:
        return ""
    numbers = [float(value) for value in values]
    low, spread = min(numbers), (max(numbers) - min(numbers)) or 1
    step = (WIDTH - 2 * EDGE) / (len(numbers) - 1)
    tall = HEIGHT - 2 * EDGE
    return " ".join(
        f"{EDGE + step * at:.1f},{EDGE + tall * (1 - (number - low) / spread):.1f}"
        for at, number in enumerate(numbers)
    )
