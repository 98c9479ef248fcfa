from datetime import date, timedelta

import pytest

from alliance.domain.life import (
    SigningWarning,
    Stage,
    following_term,
    notice_due,
    plan_end,
    signing_warnings,
    stage_of,
)

TODAY = date(2026, 6, 1)


def stage(**values):
    given = {"state": "active", "starts_on": date(2026, 1, 1), "until": date(2027, 1, 1), "today": TODAY}
    return stage_of(**given | values)


def test_the_dates_of_a_signed_contract_decide_its_stage():
    assert stage() == Stage.IN_FORCE
    assert stage(starts_on=TODAY) == Stage.IN_FORCE
    assert stage(starts_on=TODAY + timedelta(days=1)) == Stage.SIGNED
    assert stage(until=TODAY + timedelta(days=90)) == Stage.EXPIRING
    assert stage(until=TODAY + timedelta(days=91)) == Stage.IN_FORCE
    assert stage(until=TODAY + timedelta(days=1), is_replaced=True) == Stage.IN_FORCE
    assert stage(until=TODAY) == Stage.ENDED


@pytest.mark.parametrize("state", ["draft", "submitted", "ended"])
def test_any_other_state_is_its_own_stage(state):
    assert stage(state=state) == state


@pytest.mark.parametrize(
    ("left", "due"),
    [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, None), (-1, None)],
)
def test_only_the_nearest_notice_is_due(left, due):
    assert notice_due(until=TODAY + timedelta(days=left), today=TODAY) == due


def test_the_following_term_is_as_long_as_the_one_before():
    assert following_term(starts_on=date(2025, 1, 1), until=date(2026, 1, 1)) == (
        date(2026, 1, 1),
        date(2027, 1, 1),
    )
    assert following_term(starts_on=date(2026, 1, 1), until=date(2026, 1, 11)) == (
        date(2026, 1, 11),
        date(2026, 1, 21),
    )
    assert following_term(starts_on=date(2026, 1, 5), until=date(2026, 3, 1)) == (
        date(2026, 3, 1),
        date(2026, 4, 25),
    )


def test_an_end_is_announced_in_time_or_not():
    def plan(days, notice=30):
        return plan_end(
            starts_on=date(2026, 1, 1),
            ends_on=TODAY + timedelta(days=days),
            today=TODAY,
            notice_days=notice,
        )

    in_time = plan(30)
    assert (in_time.announced, in_time.notice_days, in_time.at_once) == (True, 30, False)
    assert not plan(29).announced
    now = plan(0)
    assert (now.announced, now.notice_days, now.at_once, now.until) == (False, 0, True, TODAY)
    assert plan(0, notice=0).announced


def test_an_end_before_the_first_day_leaves_a_term_of_one_day():
    plan = plan_end(starts_on=date(2026, 9, 1), ends_on=TODAY, today=TODAY, notice_days=0)
    assert (plan.ended_on, plan.until) == (TODAY, date(2026, 9, 2))


def test_what_a_signer_is_warned_of():
    def warned(first, last, *, differs=False):
        return signing_warnings(
            starts_on=TODAY + timedelta(days=first),
            until=TODAY + timedelta(days=last),
            today=TODAY,
            differs=differs,
        )

    assert warned(0, 365) == []
    assert warned(-1, 365) == [SigningWarning.BEGINS_IN_PAST]
    assert warned(0, 30) == [SigningWarning.ENDS_SOON]
    assert warned(-9, 0) == [SigningWarning.ENDED_ALREADY, SigningWarning.BEGINS_IN_PAST]
    assert warned(0, 31, differs=True) == [SigningWarning.DIFFERS]
