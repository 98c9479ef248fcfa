"""When an outlet can have its goods: the windows of the days ahead, each with its cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MORNING, AFTERNOON = (time(6), time(10)), (time(14), time(18))
CUT_OFF = time(17)
DAYS = 7


@dataclass(frozen=True, slots=True)
class DeliveryWindow:
    """`[start, end)`; it can be chosen before `cut_off`, which is 17:00 the day before."""

    start: datetime
    end: datetime
    cut_off: datetime


def windows_ahead(now: datetime, zone: tzinfo) -> list[DeliveryWindow]:
    """Those of the next seven days that can still be chosen, in the seller's local time."""
    return list(_open(now, zone))


def _open(now: datetime, zone: tzinfo) -> Iterator[DeliveryWindow]:
    today = now.astimezone(zone).date()
    for ahead in range(1, DAYS + 1):
        day = today + timedelta(days=ahead)
        cut_off = _at(day - timedelta(days=1), CUT_OFF, zone)
        if cut_off > now:
            for start, end in (MORNING, AFTERNOON):
                yield DeliveryWindow(_at(day, start, zone), _at(day, end, zone), cut_off)


def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, zone)
