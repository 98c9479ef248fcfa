"""Deliveries and returns that are recorded after the period they are dated in was settled."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.rights import the_system
from ledger.models import Journal
from rebates.models import Carried, Settlement, Statement
from rebates.operations import settling
from rebates.operations.settlement_requests import NotDue, request_settlement
from tests import factories as make
from tests.rebates.operations.test_settling import APRIL, JULY, NEXT_YEAR, Q1, Q2, bought, run, settle, wallet

Q3, Q4, AFTER = date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)
SPRING = datetime(2027, 4, 2, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


@pytest.fixture
def seller():
    return make.a_manufacturer()


@pytest.fixture
def soy():
    return make.a_product()


def statement(starts_on, party=None):
    found = Statement.objects.filter(settlement__starts_on=starts_on)
    return (found.filter(party=party) if party else found).get()


def test_what_comes_late_enters_the_cumulative_base_of_the_next_settlement(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.01"), (5000, "0.02")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "3000.00")
    settle(program, Q1, APRIL)
    bought(seller, buyer, soy, date(2026, 1, 6), "1500.00")
    bought(seller, buyer, soy, date(2026, 5, 5), "1000.00")
    settle(program, Q2, JULY)
    second = statement(Q2)
    assert (second.base, second.cumulative) == (Decimal("1000.00"), Decimal("5500.00"))
    assert (second.earned, second.due) == (Decimal("110.00"), Decimal("80.00"))
    assert second.why["carried"] == [
        {
            "from": "2026-01-01",
            "until": "2026-04-01",
            "reason": "recorded_late",
            "stated": "3000.00",
            "counts": "4500.00",
            "base": "1500.00",
            "due": "0.00",
        }
    ]
    assert second.why["sum"] == "3000.00 + 1000.00 + 1500.00 = 5500.00; 110.00 − 30.00 = 80.00"
    assert wallet(seller, buyer) == Decimal("110.00")


def test_where_each_quarter_starts_anew_the_earlier_ones_rule_makes_the_difference(seller, soy):
    program = make.a_program(seller, [(0, "0.01"), (5000, "0.02")], starts_anew=True)
    buyer = make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "3000.00")
    settle(program, Q1, APRIL)
    bought(seller, buyer, soy, date(2026, 1, 6), "2000.00")
    bought(seller, buyer, soy, date(2026, 5, 5), "1000.00")
    settle(program, Q2, JULY)
    second = statement(Q2)
    assert (second.base, second.cumulative, second.earned) == (1000, 1000, Decimal("10.00"))
    assert second.due == Decimal("80.00")
    (line,) = second.why["carried"]
    assert (line["stated"], line["counts"], line["due"]) == ("3000.00", "5000.00", "70.00")
    assert line["sum"] == "100.00 − 30.00 = 70.00"
    assert second.why["sum"].endswith("; 10.00 + 70.00 = 80.00")
    assert (Carried.objects.get().base, Carried.objects.get().due) == (2000, 70)
    assert wallet(seller, buyer) == Decimal("110.00")


def test_a_late_return_takes_back_what_its_quarter_paid(seller, soy):
    program, buyer = make.a_program(seller, [(1000, "0.10")], starts_anew=True), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "1000.00")
    settle(program, Q1, APRIL)
    bought(seller, buyer, soy, date(2026, 1, 6), "0", returned="0.01")
    settle(program, Q2, JULY)
    assert statement(Q2).due == Decimal("-100.00")
    assert wallet(seller, buyer) == 0


@pytest.mark.parametrize("anew", [False, True])
def test_what_was_carried_once_is_not_carried_again(seller, soy, anew):
    program, buyer = make.a_program(seller, [(0, "0.10")], starts_anew=anew), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    settle(program, Q1)
    bought(seller, buyer, soy, date(2026, 1, 6), "50.00")
    settle(program, Q2)
    bought(seller, buyer, soy, date(2026, 1, 7), "7.00")
    bought(seller, buyer, soy, date(2026, 4, 7), "3.00")
    settle(program, Q3)
    settle(program, Q4)
    assert [one.due for one in Statement.objects.order_by("settlement__starts_on")] == [10, 5, 1]
    assert wallet(seller, buyer) == Decimal("16.00")


def test_who_first_traded_late_has_a_statement_for_it(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")], starts_anew=True), make.a_party()
    settle(program, Q1, APRIL)
    bought(seller, buyer, soy, date(2026, 2, 1), "100.00")
    settle(program, Q2, JULY)
    assert (statement(Q2).base, statement(Q2).due) == (0, Decimal("10.00"))


@pytest.mark.parametrize("anew", [False, True])
def test_who_joined_the_audience_since_is_not_paid_for_the_time_before(seller, soy, anew):
    old, new = make.a_party(), make.a_party()
    make.a_tag(old, "core")
    program = make.a_program(
        seller, [(0, "0.10")], starts_anew=anew, audience_kind="tag", audience_value="core"
    )
    for buyer in (old, new):
        bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
        bought(seller, buyer, soy, date(2026, 4, 5), "10.00")
    settle(program, Q1, APRIL)
    old.tags.all().delete()
    make.a_tag(new, "core")
    bought(seller, old, soy, date(2026, 1, 6), "20.00")
    settle(program, Q2, JULY)
    assert wallet(seller, new) == Decimal("1.00")
    assert wallet(seller, old) == Decimal("12.00")


def test_what_comes_late_for_the_last_quarter_is_settled_when_the_next_would_be(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")]), make.a_party()
    for starts_on in (Q1, Q2, Q3, Q4):
        settle(program, starts_on)
    bought(seller, buyer, soy, date(2026, 12, 30), "100.00")
    bought(seller, buyer, soy, date(2027, 1, 2), "5000.00")
    with pytest.raises(NotDue):
        settle(program, AFTER, NEXT_YEAR)
    settle(program, AFTER, SPRING)
    closing = statement(AFTER)
    assert (closing.base, closing.cumulative, closing.due) == (0, 100, Decimal("10.00"))
    assert Settlement.objects.count() == 5
    with pytest.raises(NotDue):
        settle(program, date(2027, 4, 1), datetime(2028, 1, 1, tzinfo=UTC))


def test_a_repeated_step_carries_once(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")], starts_anew=True), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    settle(program, Q1, APRIL)
    bought(seller, buyer, soy, date(2026, 1, 6), "50.00")
    job = request_settlement(program=program, starts_on=Q2, by=the_system(), at=JULY)
    job.cursor = settling.settle_step(job).cursor
    tallies = settling._next_range(job, settling.UUID(int=0), 10)
    for _ in range(2):
        settling._settle(settling._settlements(job), tallies, at=JULY, by="")
    run(job)
    assert (Carried.objects.count(), Statement.objects.count(), Journal.objects.count()) == (1, 2, 2)
    assert (Settlement.objects.get(starts_on=Q2).parties, wallet(seller, buyer)) == (1, Decimal("15.00"))


def test_programs_of_different_terms_carry_what_is_theirs(seller, soy):
    buyer, other = make.a_party(), make.a_product()
    early = make.a_program(seller, [(0, "0.10")], code="EARLY", settled_every=1)
    late = make.a_program(
        seller, [(0, "0.01")], other, code="LATE", settled_every=1, starts_on=date(2026, 2, 1)
    )
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    for month in (1, 2):
        settle(early, date(2026, month, 1))
    settle(late, date(2026, 2, 1))
    bought(seller, buyer, other, date(2026, 1, 6), "1000.00")
    bought(seller, buyer, other, date(2026, 2, 6), "500.00")
    bought(seller, buyer, soy, date(2026, 2, 7), "10.00")
    settle(early, date(2026, 3, 1))
    settle(late, date(2026, 3, 1))
    dues = {
        one.settlement.program.code: one.due
        for one in Statement.objects.filter(settlement__starts_on=date(2026, 3, 1))
    }
    assert dues == {"EARLY": Decimal("151.00"), "LATE": Decimal("5.00")}
