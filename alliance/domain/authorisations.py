"""When an authorisation is about to expire."""

from __future__ import annotations

from datetime import date

REMIND_DAYS = (7, 30)


def reminder_due(*, until: date, today: date) -> int | None:
    """Return the reminder to send: 7 or 30 days before the end, the nearest only; None if none is due.

    `until` is the first day after the authorisation.
    """
    left = (until - today).days
    if left <= 0:
        return None
    return next((days for days in REMIND_DAYS if left <= days), None)
