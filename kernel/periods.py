"""Periods of days. They are half-open: "until 30 June" is stored as `until 2026-07-01`."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """A period `[from_, until)` in the tenant's time zone; None is open on that side.

    A period that ends no later than it starts is empty: it is never active and overlaps nothing.
    """

    from_: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.from_ is not None and self.until is not None and self.until <= self.from_

    def active_on(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: "Period") -> bool:
        """Return whether there is a day on which both are active."""
        return not (self.is_empty or other.is_empty or _ends_before(self, other) or _ends_before(other, self))


ALWAYS = Period()


def _ends_before(first: Period, second: Period) -> bool:
    return first.until is not None and second.from_ is not None and first.until <= second.from_


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day: 31 January + 1 is 28 February."""
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
