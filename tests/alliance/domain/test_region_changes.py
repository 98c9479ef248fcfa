from datetime import date

from alliance.domain.region_changes import (
    GAINS,
    LOSES,
    REPLACED,
    AreaChange,
    Remap,
    dead_codes,
    remap,
    successors,
)

JAN, JUN = date(2026, 1, 1), date(2026, 6, 1)
DAY = date(2026, 7, 1)


def moved(old, new, on=JAN):
    return AreaChange(old, new, on)


def test_a_merged_region_becomes_the_one_it_was_merged_into():
    changes = [moved("441302", "441305"), moved("441303", "441305")]
    assert remap("441302", changes, day=DAY) == Remap(REPLACED, ("441305",), JAN)
    assert dead_codes(changes, day=DAY) == {"441302", "441303"}


def test_a_change_that_follows_another_is_followed():
    changes = [moved("441302", "441305"), moved("441305", "441309", JUN)]
    assert successors("441302", changes, day=DAY) == ("441309",)
    assert successors("441302", changes, day=date(2026, 3, 1)) == ("441305",)
    assert remap("441302", changes, day=DAY) == Remap(REPLACED, ("441309",), JAN)


def test_a_region_that_is_split_becomes_its_parts():
    changes = [moved("440306", "440306"), moved("440306", "440309")]
    assert remap("440306", changes, day=DAY) == Remap(REPLACED, ("440306", "440309"), JAN)
    assert dead_codes(changes, day=DAY) == set()


def test_a_future_change_means_nothing_yet():
    assert remap("441302", [moved("441302", "441305", date(2027, 1, 1))], day=DAY) is None


def test_a_renamed_region_covers_what_it_did():
    assert remap("441302", [moved("441302", "441302")], day=DAY) is None


def test_a_city_that_loses_a_county_keeps_it_by_its_new_code():
    changes = [moved("441303", "449903", JUN), moved("441302", "441309")]
    assert remap("4413", changes, day=DAY) == Remap(LOSES, ("4413", "449903"), JUN)


def test_a_merger_inside_a_city_does_not_change_the_city():
    assert remap("4413", [moved("441302", "441305")], day=DAY) is None


def test_a_city_that_gains_a_county_is_listed_and_stays():
    assert remap("4499", [moved("441303", "449903")], day=DAY) == Remap(GAINS, ("4499",), JAN)


def test_a_county_split_over_two_cities_keeps_both_parts():
    changes = [moved("441303", "441308"), moved("441303", "449903")]
    assert remap("4413", changes, day=DAY) == Remap(LOSES, ("4413", "449903"), JAN)
