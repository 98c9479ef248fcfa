from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from alliance.domain.term_events import EARLY_END, NOTICE, RENEWAL, TermEvent, is_met


@pytest.mark.parametrize(
    ("metric", "days", "target", "met"),
    [
        (EARLY_END, None, None, False),
        (EARLY_END, 90, 30, False),
        (NOTICE, 30, 30, True),
        (NOTICE, 29, 30, False),
        (NOTICE, None, 30, False),
        (RENEWAL, 0, None, True),
        (RENEWAL, None, None, False),
    ],
)
def test_an_event_is_met_if_it_was_announced_in_time(metric, days, target, met):
    event = TermEvent(UUID(int=1), metric, date(2026, 6, 1), days)
    assert is_met(event, target=None if target is None else Decimal(target)) is met
