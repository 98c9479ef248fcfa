from decimal import Decimal

from alliance.domain.event_sums import owed_for_event, owed_for_events

D = Decimal


def test_without_a_cap_each_event_owes_its_sum():
    assert owed_for_events(3, D("200"), cap=None) == [D("200.00")] * 3


def test_the_events_of_a_month_owe_at_most_its_cap():
    assert owed_for_events(4, D("200"), cap=D("500")) == [D("200.00"), D("200.00"), D("100.00"), D("0.00")]


def test_what_was_owed_before_counts_against_the_cap():
    assert owed_for_event(D("200"), cap=D("500"), owed_before=D("450")) == D("50.00")
    assert owed_for_event(D("200"), cap=D("500"), owed_before=D("700")) == D("0.00")
