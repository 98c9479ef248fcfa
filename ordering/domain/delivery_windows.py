"""Compute the delivery windows of the coming days, each with its cut-off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from kernel.refusals import Refusal

MAX_WINDOWS, MAX_DAYS_BEFORE, MAX_DAYS_AHEAD = 6, 7, 31
MAX_RECEIPT_HOURS = 30 * 24
EVERY_DAY = frozenset(range(1, 8))


class InvalidPlan(Refusal):
    """The plan is invalid; `field` names the value and `reason` what is wrong with it."""

    code = "window"


@dataclass(frozen=True, slots=True)
class DeliveryWindow:
    """The time `[start, end)`, which can be chosen until `cut_off`."""

    start: datetime
    end: datetime
    cut_off: datetime


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """A tenant's windows: the `hours` of each delivery day, and `weekdays` from 1 (Monday) to 7.

    A window can be chosen until `cut_off` on the day `days_before` days earlier, and at most `days_ahead`
    days ahead. A shipment counts as received `receipt_hours` after its signed slip was uploaded, unless the
    buyer answers. `check` raises InvalidPlan, with the field, for a plan that does not always offer a window.
    """

    hours: tuple[tuple[time, time], ...] = ((time(6), time(10)), (time(14), time(18)))
    weekdays: frozenset[int] = EVERY_DAY
    cut_off: time = time(17)
    days_before: int = 1
    days_ahead: int = 7
    receipt_hours: int = 48

    def check(self) -> None:
        if not self.hours:
            raise InvalidPlan("A day has at least one window.", field="hours", reason="none")
        if len(self.hours) > MAX_WINDOWS:
            raise InvalidPlan("A day has at most six windows.", field="hours", reason="many")
        for place, (start, end) in enumerate(self.hours):
            if end <= start:
                raise InvalidPlan("A window ends after it starts.", field=f"hours[{place}]", reason="ends")
            if place and start < self.hours[place - 1][1]:
                raise InvalidPlan("Windows do not overlap.", field=f"hours[{place}]", reason="overlaps")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise InvalidPlan("There is at least one delivery day.", field="weekdays", reason="none")
        if not 0 <= self.days_before <= MAX_DAYS_BEFORE:
            raise InvalidPlan("The cut-off is 0 to 7 days before.", field="days_before", reason="range")
        if self.days_before == 0 and self.cut_off > self.hours[0][0]:
            message = "On the same day the cut-off comes before the first window starts."
            raise InvalidPlan(message, field="cut_off", reason="late")
        if not self.least_ahead <= self.days_ahead <= MAX_DAYS_AHEAD:
            message = "So many days ahead there would not always be a window to choose."
            raise InvalidPlan(message, field="days_ahead", reason="range", least=self.least_ahead)
        if not 1 <= self.receipt_hours <= MAX_RECEIPT_HOURS:
            message = "A delivery counts as received 1 to 720 hours after its slip was uploaded."
            raise InvalidPlan(message, field="receipt_hours", reason="range")

    @property
    def least_ahead(self) -> int:
        """Return the smallest `days_ahead` that always offers a window.

        It is the longest gap between two delivery days plus `days_before`.
        """
        days = sorted(self.weekdays)
        pauses = [later - day for day, later in zip(days, [*days[1:], days[0] + 7], strict=True)]
        return self.days_before + max(pauses)

    def offers(self, start: datetime, end: datetime, zone: tzinfo) -> bool:
        """Return whether the plan has a window at these times, on any day."""
        opens, closes = start.astimezone(zone), end.astimezone(zone)
        same_day = opens.date() == closes.date() and opens.isoweekday() in self.weekdays
        return same_day and (opens.time(), closes.time()) in self.hours


STANDARD = WindowPlan()


def windows_ahead(now: datetime, zone: tzinfo, plan: WindowPlan = STANDARD) -> list[DeliveryWindow]:
    """Return the windows of the coming days that can still be chosen, in the seller's local time."""
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
