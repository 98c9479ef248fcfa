"""Reminders before an authorisation expires."""

from datetime import date, timedelta

import pytest

from alliance.domain.authorisations import reminder_due

UNTIL = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("left", "due"), [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, None), (-1, None)]
)
def test_the_nearest_reminder_is_due(left: int, due: int | None) -> None:
    assert reminder_due(until=UNTIL, today=UNTIL - timedelta(days=left)) == due
