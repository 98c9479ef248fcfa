from datetime import UTC, date, datetime

import pytest

from accounts.rights import Actor, NotAllowed, the_system
from analytics.operations import tier_months
from analytics.operations.tier_months import (
    EarlierMonthOpen,
    MonthNotOver,
    request_due_month,
    request_tier_month,
)
from dealers.models import TierMonth
from dealers.operations.tiering import LaterMonthRan
from jobs.models import Job
from tests import factories as make

JULY_2 = datetime(2026, 7, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)
    make.a_tier("base", 0)
    make.a_tier("core", 60)


def ask(month, year=2026):
    return request_tier_month(month=date(year, month, 1), by=the_system(), at=JULY_2)


def run(job):
    while (step := tier_months.tier_step(job)).cursor is not None:
        job.cursor, job.done, job.result = step.cursor, step.done, {**job.result, **step.result}
    job.state, job.done, job.result = Job.State.DONE, step.done, {**job.result, **step.result}
    job.save()
    return job


def test_a_month_runs_from_facts_to_scorecards(monkeypatch):
    monkeypatch.setattr(tier_months, "PARTIES_A_STEP", 2)
    seller, soy = make.a_manufacturer(), make.a_product()
    for _ in range(5):
        party = make.a_party()
        make.a_fact(seller, party, soy, date(2026, 6, 5))
        make.a_fact(seller, party, soy, date(2026, 3, 5))
    job = run(ask(6))
    assert (job.done, job.result) == (5, {"promote": 5})
    assert TierMonth.objects.filter(month=date(2026, 6, 1), score__gte=60).count() == 5


def test_a_month_runs_once_whoever_asks():
    assert ask(5).id == ask(5).id


def test_a_later_month_waits_for_the_earlier():
    first = ask(3)
    with pytest.raises(EarlierMonthOpen, match="2026-03"):
        ask(4)
    run(first)
    with pytest.raises(EarlierMonthOpen, match="2026-04"):
        ask(5)
    assert ask(4)


def test_an_earlier_month_comes_too_late():
    run(ask(5))
    with pytest.raises(LaterMonthRan):
        ask(4)


def test_after_a_year_without_a_run_a_new_history_begins():
    run(ask(3, 2025))
    with pytest.raises(EarlierMonthOpen):
        ask(3)
    assert ask(4)


def test_a_month_that_has_not_passed_does_not_run():
    with pytest.raises(MonthNotOver):
        ask(7)


def test_what_is_due_is_last_month_at_the_start_and_then_one_after_the_other():
    def due():
        return request_due_month(by=the_system(), at=JULY_2)

    first = due()
    assert first.period == "2026-06"
    assert due() is None
    run(first)
    assert due() is None
    august = datetime(2026, 9, 1, tzinfo=UTC)
    second = run(request_due_month(by=the_system(), at=august))
    assert second.period == "2026-07"
    assert request_due_month(by=the_system(), at=august).period == "2026-08"


def test_a_dealer_may_not_run_tiers():
    owner = Actor(party_id=make.a_party().id, party_kind="dealer", role="owner")
    with pytest.raises(NotAllowed):
        request_tier_month(month=date(2026, 6, 1), by=owner, at=JULY_2)
