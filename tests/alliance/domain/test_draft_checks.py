"""What the author of a draft is warned of."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from alliance.domain.draft_checks import BAD, GOOD, INFO, WARN, Check, DraftFacts, check_draft

FINE = DraftFacts(
    today=date(2026, 6, 1),
    starts_on=date(2026, 7, 1),
    until=date(2027, 7, 1),
    guarantees=frozenset({"region", "term", "spread", "service"}),
    has_kpis=True,
    volume=Decimal("0.5"),
)


@pytest.mark.parametrize(
    ("values", "code", "level"),
    [
        ({"starts_on": date(2026, 5, 31)}, "starts_in_past", WARN),
        ({"starts_on": date(2026, 5, 1), "until": date(2026, 7, 1)}, "ends_soon", WARN),
        ({"starts_on": None, "until": date(2026, 7, 1)}, "ends_soon", WARN),
        ({"taken": 1}, "taken", BAD),
        ({"flagged": 2}, "price_fixing", BAD),
        ({"has_territory": False}, "no_territory", INFO),
        ({"guarantees": frozenset({"region", "term", "spread"})}, "no_service", INFO),
        ({"has_kpis": False}, "no_kpis", INFO),
        ({"volume": Decimal("0.6")}, "volume_alone", WARN),
        ({"until": date(2026, 7, 20)}, "term_without_month", WARN),
    ],
)
def test_a_draft_is_checked(values, code, level):
    assert Check(code, level) in check_draft(replace(FINE, **values))


def test_names_come_with_the_check_and_the_worst_is_first():
    facts = replace(FINE, outside=("广州市",), has_territory=False, unled=("planning",))
    assert check_draft(facts) == [
        Check("outside_territory", WARN, ("广州市",)),
        Check("links_without_duty", INFO, ("planning",)),
    ]


def test_regions_without_an_authorisation_stand_in_the_way_of_the_draft():
    facts = replace(FINE, outside=("广州市",), unauthorised=("广州市",))
    assert check_draft(facts) == [Check("unauthorised", BAD, ("广州市",))]


def test_a_complete_draft_passes():
    assert check_draft(FINE) == [Check("complete", GOOD)]
    assert Check("starts_in_past", WARN) not in check_draft(replace(FINE, starts_on=None, until=None))
