"""Days and amounts of a change read as the reader writes them."""

import pytest
from django.utils.translation import override

from approvals.queries import readable


@pytest.mark.parametrize(
    ("stored", "chinese", "english"),
    [
        ("800000.00", "800,000.00", "800,000.00"),
        ("-1200.5000", "−1,200.5000", "−1,200.5000"),
        ("2026-12-01", "2026年12月1日", "1 Dec 2026"),
        ("2026-01-01 – 2026-12-31", "2026年1月1日 – 2026年12月31日", "1 Jan 2026 – 31 Dec 2026"),
        ("30", "30", "30"),
        ("2026-13-01", "2026-13-01", "2026-13-01"),
        ("HT-2026-12-01", "HT-2026-12-01", "HT-2026-12-01"),
        ("—", "—", "—"),
    ],
)
def test_days_and_amounts_are_in_the_language_of_the_reader(stored, chinese, english):
    with override("zh-hans"):
        assert readable(stored) == chinese
    with override("en"):
        assert readable(stored) == english
