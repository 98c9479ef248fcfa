"""When an outlet can have its goods: the windows of the days ahead, each with its cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from kernel.refusals import Refusal

MAX_WINDOWS, MAX_BEFORE, MAX_AHEAD = 6, 7, 31
EVERY_DAY = frozenset(range(1, 8))


class PlanWrong(Refusal):
    """A plan that offers nothing, or what cannot be kept."""

    code = "window"


@dataclass(frozen=True, slots=True)
class DeliveryWindow:
    """`[start, end)`; it can be chosen before `cut_off`."""

    start: datetime
    end: datetime
    cut_off: datetime


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """A tenant's windows: `hours` of each delivery day, `weekdays` 1 (Monday) to 7.

    A window can be chosen until `cut_off`, `days_before` days before it, for at most `days_ahead`
    days ahead. `check` refuses, naming the field, a plan in which there is not always one to choose.
    """

    hours: tuple[tuple[time, time], ...] = ((time(6), time(10)), (time(14), time(18)))
    weekdays: frozenset[int] = EVERY_DAY
    cut_off: time = time(17)
    days_before: int = 1
    days_ahead: int = 7

    def check(self) -> None:
        if not self.hours:
            raise PlanWrong("A day has at least one window.", field="hours", reason="none")
        if len(self.hours) > MAX_WINDOWS:
            raise PlanWrong("A day has at most six windows.", field="hours", reason="many")
        for place, (start, end) in enumerate(self.hours):
            if end <= start:
                raise PlanWrong("A window ends after it starts.", field=f"hours[{place}]", reason="ends")
            if place and start < self.hours[place - 1][1]:
                raise PlanWrong("Windows do not overlap.", field=f"hours[{place}]", reason="overlaps")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise PlanWrong("There is at least one delivery day.", field="weekdays", reason="none")
        if not 0 <= self.days_before <= MAX_BEFORE:
            raise PlanWrong("The cut-off is 0 to 7 days before.", field="days_before", reason="range")
        if self.days_before == 0 and self.cut_off > self.hours[0][0]:
            message = "On the same day the cut-off comes before the first window starts."
            raise PlanWrong(message, field="cut_off", reason="late")
        if not self.least_ahead <= self.days_ahead <= MAX_AHEAD:
            message = "So many days ahead there would not always be a window to choose."
            raise PlanWrong(message, field="days_ahead", reason="range", least=self.least_ahead)

    @property
    def least_ahead(self) -> int:
        """Days ahead so that, whenever one looks, there is a window: the longest pause between two
        delivery days, and the days that the cut-off takes."""
        days = sorted(self.weekdays)
        pauses = [later - day for day, later in zip(days, [*days[1:], days[0] + 7], strict=True)]
        return self.days_before + max(pauses)

    def offers(self, start: datetime, end: datetime, zone: tzinfo) -> bool:
        """Whether a window is one of the plan's, of whichever day."""
        opens, closes = start.astimezone(zone), end.astimezone(zone)
        same_day = opens.date() == closes.date() and opens.isoweekday() in self.weekdays
        return same_day and (opens.time(), closes.time()) in self.hours


STANDARD = WindowPlan()


def windows_ahead(now: datetime, zone: tzinfo, plan: WindowPlan = STANDARD) -> list[DeliveryWindow]:
    """Those of the plan's days ahead that can still be chosen, in the seller's local time."""
    return list(_open(now, zone, plan))


def _open(now: datetime, zone: tzinfo, plan: WindowPlan) -> Iterator[DeliveryWindow]:
    today = now.astimezone(zone).date()
    for ahead in range(plan.days_before, plan.days_ahead + 1):
        day = today + timedelta(days=ahead)
        cut_off = _at(day - timedelta(days=plan.days_before), plan.cut_off, zone)
        if day.isoweekday() in plan.weekdays and cut_off > now:
            for start, end in plan.hours:
                yield DeliveryWindow(_at(day, start, zone), _at(day, end, zone), cut_off)


def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, zone)
