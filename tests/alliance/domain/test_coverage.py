from alliance.domain.coverage import FREE, GRANTED, PARTLY, Coverage, Grant, Span, coverage, uncovered

CITY, OTHER, PLAIN = Span("4413", 40, 50), Span("4414", 50, 60), Span("4499", 90, 95)
COUNTIES = [Span("441302", 41, 43), Span("441303", 43, 45), Span("441402", 51, 53)]


def states(*grants):
    return {code: one.state for code, one in coverage([CITY, OTHER, PLAIN], COUNTIES, grants).items()}


def test_a_region_is_granted_if_all_its_counties_are():
    assert states(Grant(40, 50)) == {"4413": GRANTED, "4414": FREE, "4499": FREE}
    assert states(Grant(43, 45), Grant(41, 43)) == {"4413": GRANTED, "4414": FREE, "4499": FREE}


def test_a_region_with_a_free_county_is_granted_in_part():
    assert coverage([CITY], COUNTIES, [Grant(41, 43)]) == {"4413": Coverage(PARTLY, 1, 2)}


def test_a_grant_in_one_channel_is_a_part():
    assert states(Grant(40, 50, is_complete=False))["4413"] == PARTLY


def test_a_town_in_a_county_grants_it_in_part():
    assert states(Grant(41, 42), Grant(51, 52))["4414"] == PARTLY


def test_a_region_without_counties_stands_for_itself():
    assert coverage([PLAIN], COUNTIES, [Grant(80, 99)]) == {"4499": Coverage(GRANTED, 1, 1)}


def test_what_a_territory_does_not_contain_is_uncovered():
    assert uncovered([CITY, OTHER], [Span("4413", 40, 45), Span("x", 45, 50)]) == [OTHER]
    assert uncovered([CITY], []) == [CITY]
    assert uncovered([CITY], [Span("", 45, 55), Span("", 70, 80)]) == [CITY]
    assert uncovered([Span("", 45, 47)], [Span("", 45, 55), Span("", 70, 80)]) == []
