from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from dealers.models import MonthInput, Party, TierMonth
from dealers.operations.tiering import LaterMonthRan, NoTiers, tier_range
from tests import factories as make

FIRST = UUID(int=0)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_acme")]


@pytest.fixture
def ladder(in_acme):
    return [make.a_tier(code, bar) for code, bar in (("base", 0), ("key", 60), ("core", 80))]


def scored(party, month, *values):
    names = ("scale", "expertise", "coverage", "growth", "collaboration")
    MonthInput.objects.create(
        party=party, month=date(2026, month, 1), **dict(zip(names, values, strict=True))
    )


def run(month, limit=100):
    return tier_range(month=date(2026, month, 1), after=FIRST, limit=limit)


def card(party, month):
    return TierMonth.objects.get(party=party, month=date(2026, month, 1))


def test_a_party_climbs_one_tier_a_month_and_the_card_says_why(ladder):
    party = make.a_party()
    scored(party, 3, 90, 90, 90, 90, 90)
    assert run(3).moves == {"promote": 1}
    party.refresh_from_db()
    assert party.tier.code == "key"
    written = card(party, 3)
    assert (written.score, written.move, written.before) == (Decimal("90.00"), "promote", None)
    assert written.reasons["dimensions"]["scale"] == {"value": "90.00", "weight": "0.30", "points": "27.00"}
    assert written.reasons["next"] == {"tier": "core", "from": "80.00", "missing": "0"}


def test_what_would_lift_is_told_for_each_dimension_that_alone_could(ladder):
    party = make.a_party(tier=ladder[0])
    scored(party, 3, 50, 50, 50, 50, 95)
    run(3)
    told = card(party, 3).reasons
    assert told["next"]["missing"] == "5.50"
    assert told["lift"] == {"scale": "18.33", "expertise": "22.00", "coverage": "27.50", "growth": "36.67"}


def test_the_second_month_below_the_bar_takes_a_tier(ladder):
    party = make.a_party(tier=ladder[2])
    scored(party, 3, 70, 70, 70, 70, 70)
    scored(party, 4, 70, 70, 70, 70, 70)
    run(3)
    assert (card(party, 3).move, Party.objects.get(id=party.id).months_below) == ("warn", 1)
    run(4)
    party.refresh_from_db()
    assert (card(party, 4).move, party.tier.code, party.months_below) == ("demote", "key", 0)


def test_a_missing_dimension_moves_nobody(ladder):
    party = make.a_party(tier=ladder[1], months_below=1)
    scored(party, 3, 10, 10, None, 10, 10)
    run(3)
    party.refresh_from_db()
    assert (card(party, 3).move, party.tier.code, party.months_below) == ("low_confidence", "key", 1)
    assert card(party, 3).reasons["missing"] == ["coverage"]


def test_a_party_without_a_tier_and_without_data_starts_in_the_lowest(ladder):
    party = make.a_party()
    scored(party, 3, None, None, None, None, None)
    run(3)
    assert (card(party, 3).score, card(party, 3).tier.code) == (None, "base")


def test_ranges_go_on_where_the_last_one_ended_and_repeat_nothing(ladder):
    for _ in range(5):
        scored(make.a_party(), 3, 90, 90, 90, 90, 90)
    first = run(3, limit=2)
    second = tier_range(month=date(2026, 3, 1), after=first.last, limit=2)
    assert run(3, limit=100).parties == 1
    assert (first.parties, second.parties) == (2, 2)
    assert run(3).parties == 0
    assert TierMonth.objects.count() == 5
    assert set(Party.objects.values_list("tier__code", flat=True)) == {"key"}


def test_an_earlier_month_comes_too_late_after_a_later_one(ladder):
    party = make.a_party()
    scored(party, 4, 90, 90, 90, 90, 90)
    scored(party, 3, 90, 90, 90, 90, 90)
    run(4)
    with pytest.raises(LaterMonthRan):
        run(3)


def test_without_tiers_there_is_nothing_to_run():
    with pytest.raises(NoTiers):
        run(3)


def test_statements_do_not_grow_with_the_parties(ladder, django_assert_num_queries):
    for _ in range(30):
        scored(make.a_party(), 3, 90, 90, 90, 90, 90)
    with django_assert_num_queries(5):
        run(3)
