from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from accounts.rights import Actor, NotAllowed, the_system
from jobs.models import Job
from ledger.models import Account, Entry, Journal
from rebates.models import Program, Settlement, Statement, Tally
from rebates.operations import settling
from rebates.operations.settlement_requests import EarlierPeriodOpen, NotDue, request_due, request_settlement
from tests import factories as make

APRIL = datetime(2026, 4, 2, tzinfo=UTC)
JULY = datetime(2026, 7, 2, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 2, tzinfo=UTC)
Q1, Q2 = date(2026, 1, 1), date(2026, 4, 1)

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


def run(job):
    """A job's steps to the end, as the worker takes them; how many there were."""
    for steps in range(1, 1000):
        step = settling.settle_step(job)
        job.done, job.result = step.done, {**job.result, **step.result}
        if step.cursor is None:
            job.state = Job.State.DONE
            job.save()
            return steps
        job.cursor = step.cursor
        job.save()
    raise AssertionError("the job never ends")


def settle(program, starts_on, at=NEXT_YEAR):
    run(request_settlement(program=program, starts_on=starts_on, by=the_system(), at=at))


def bought(seller, buyer, product, day, net, *, returned="0", qty=0):
    make.a_fact(seller, buyer, product, day, delivered_net=net, returned_net=returned, delivered_qty=qty)


def wallet(seller, buyer):
    accounts = Account.objects.filter(book__seller=seller, book__buyer=buyer, kind="rebate_wallet")
    return -(accounts.aggregate(sum=Sum("balance"))["sum"] or Decimal(0))


def test_a_quarter_pays_the_rate_of_the_tier_reached_into_the_wallet(seller, soy):
    program, buyer = make.a_program(seller, [(1000, "0.01"), (5000, "0.02")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 1), "3000.00")
    bought(seller, buyer, soy, date(2026, 3, 31), "2500.50", returned="500.25")
    bought(seller, buyer, soy, date(2026, 4, 1), "9999.00")
    bought(seller, buyer, soy, date(2025, 12, 31), "9999.00")

    settle(program, Q1, APRIL)

    statement = Statement.objects.get()
    assert (statement.base, statement.cumulative) == (Decimal("5000.25"), Decimal("5000.25"))
    assert (statement.earned, statement.due) == (Decimal("100.01"), Decimal("100.01"))
    assert statement.why["parts"] == [["5000", "5000.25", "0.02"]]
    assert wallet(seller, buyer) == Decimal("100.01")
    assert statement.journal.source == f"rebate:{statement.settlement_id}:{buyer.id}"
    assert {entry.amount for entry in Entry.objects.all()} == {Decimal("100.01"), Decimal("-100.01")}
    settlement = Settlement.objects.get()
    assert (settlement.parties, settlement.due, settlement.settled_at) == (1, Decimal("100.01"), APRIL)
    assert not Tally.objects.exists()


def test_interim_settlements_are_trued_up_over_one_cumulative_base(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.01"), (5000, "0.02")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "3000.00")
    bought(seller, buyer, soy, date(2026, 5, 5), "3000.00")
    settle(program, Q1)
    settle(program, Q2)
    assert [one.due for one in Statement.objects.order_by("settlement__starts_on")] == [
        Decimal("30.00"),
        Decimal("90.00"),
    ]
    assert wallet(seller, buyer) == Decimal("120.00")


def test_a_program_that_starts_anew_forgets_the_quarter_before(seller, soy):
    program = make.a_program(seller, [(0, "0.01"), (5000, "0.02")], starts_anew=True)
    buyer = make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "3000.00")
    bought(seller, buyer, soy, date(2026, 5, 5), "3000.00")
    settle(program, Q1, JULY)
    run(Job.objects.get(state="queued"))
    assert [one.due for one in Statement.objects.all()] == [Decimal("30.00")] * 2


def test_returns_take_back_what_was_settled(seller, soy):
    program, buyer = make.a_program(seller, [(1000, "0.10")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "1000.00")
    bought(seller, buyer, soy, date(2026, 4, 5), "0", returned="600.00")
    settle(program, Q1)
    settle(program, Q2)
    last = Statement.objects.get(settlement__starts_on=Q2)
    assert (last.cumulative, last.earned, last.due) == (Decimal("400.00"), 0, Decimal("-100.00"))
    assert wallet(seller, buyer) == 0
    assert Journal.objects.count() == 2


def test_who_neither_traded_nor_earned_has_no_statement(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")]), make.a_party()
    make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "10.00")
    bought(seller, make.a_party(), soy, date(2026, 1, 6), "5.00", returned="5.00")
    settle(program, Q1)
    settle(program, Q2)
    assert [one.party_id for one in Statement.objects.all()] == [buyer.id]


def test_a_base_that_earns_nothing_yet_is_stated_and_not_posted(seller, soy):
    program, buyer = make.a_program(seller, [(1000, "0.10")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "400.00")
    bought(seller, buyer, soy, date(2026, 4, 5), "600.00")
    settle(program, Q1)
    assert Statement.objects.get().journal is None
    settle(program, Q2)
    assert Statement.objects.get(settlement__starts_on=Q2).due == Decimal("100.00")


def test_a_rule_changed_after_a_settlement_is_trued_up_without_any_trade(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    settle(program, Q1, APRIL)
    program.tiers = [{"from": "0", "rate": "0.08"}]
    program.save()
    settle(program, Q2)
    assert Statement.objects.get(settlement__starts_on=Q2).due == Decimal("-2.00")
    assert Settlement.objects.get(starts_on=Q1).terms["tiers"] == [{"from": "0", "rate": "0.10"}]


def test_a_quantity_program_pays_money_a_unit_of_its_products(seller, soy):
    other, buyer = make.a_product(), make.a_party()
    program = make.a_program(seller, [(0, "0.50")], soy, measure="quantity", method="incremental")
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00", qty=7)
    bought(seller, buyer, other, date(2026, 1, 5), "100.00", qty=100)
    settle(program, Q1)
    assert (Statement.objects.get().base, Statement.objects.get().due) == (7, Decimal("3.50"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("party", "P-in"),
        ("tag", "core"),
        ("channel", "catering"),
        ("tier", "gold"),
        ("region", "4413"),
        ("level", "member"),
        ("contract", "HT-1"),
    ],
)
def test_an_audience_takes_in_its_own_and_no_one_else(seller, soy, kind, value):
    inside = make.a_party(
        "member",
        code="P-in",
        channel=make.a_channel("catering"),
        tier=make.a_tier("gold"),
        region_id="441302",
    )
    make.a_tag(inside, "core")
    make.a_contract(seller, inside, code="HT-1")
    outside = make.a_party(region_id="4401")
    for buyer in (inside, outside):
        bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    program = make.a_program(seller, [(0, "0.10")], audience_kind=kind, audience_value=value)
    settle(program, Q1)
    assert [one.party_id for one in Statement.objects.all()] == [inside.id]


def test_only_the_sellers_own_sales_count(seller, soy):
    dealer, buyer = make.a_party(), make.a_party("member")
    bought(dealer, buyer, soy, date(2026, 1, 5), "100.00")
    settle(make.a_program(seller, [(0, "0.10")]), Q1)
    assert not Statement.objects.exists()
    settle(make.a_program(dealer, [(0, "0.10")]), Q1)
    assert wallet(dealer, buyer) == Decimal("10.00")


def test_programs_of_one_seller_and_period_share_a_job_and_each_has_its_own_statements(seller, soy):
    other, buyer = make.a_product(), make.a_party()
    programs = [
        make.a_program(seller, [(0, "0.10")], code="A"),
        make.a_program(seller, [(0, "0.01")], soy, code="B"),
        make.a_program(seller, [(0, "0.50")], soy, measure="quantity", code="C"),
        make.a_program(seller, [(0, "1")], code="D", audience_kind="party", audience_value="nobody"),
    ]
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00", qty=4)
    bought(seller, buyer, other, date(2026, 1, 5), "50.00", qty=1)
    (job,) = request_due(by=the_system(), at=APRIL)
    assert job.period == "A:2026-01-01"
    run(job)
    dues = {one.settlement.program.code: one.due for one in Statement.objects.select_related()}
    assert dues == {"A": Decimal("15.00"), "B": Decimal("1.00"), "C": Decimal("2.00")}
    assert Settlement.objects.filter(settled_at=APRIL, job=job).count() == len(programs)
    assert job.result == {"statements": 3, "due": "18.00"}
    assert wallet(seller, buyer) == Decimal("18.00")


def test_steps_of_any_size_settle_the_same(seller, soy, monkeypatch):
    monkeypatch.setattr(settling, "STATEMENTS_A_STEP", 2)
    program = make.a_program(seller, [(0, "0.10")])
    for number in range(1, 6):
        bought(seller, make.a_party(), soy, date(2026, 1, 5), f"{number}00.00")
    job = request_settlement(program=program, starts_on=Q1, by=the_system(), at=APRIL)
    assert run(job) == 1 + 3
    assert Settlement.objects.get().due == Decimal("150.00")
    assert Settlement.objects.get().parties == 5


def test_a_step_that_is_repeated_changes_nothing(seller, soy):
    program, buyer = make.a_program(seller, [(0, "0.10")]), make.a_party()
    bought(seller, buyer, soy, date(2026, 1, 5), "100.00")
    job = request_settlement(program=program, starts_on=Q1, by=the_system(), at=APRIL)
    job.cursor = settling.settle_step(job).cursor
    tallies = settling._next_range(job, settling.UUID(int=0), 10)
    for _ in range(2):
        settling._settle(settling._settlements(job), tallies, at=APRIL, by="")
    assert Statement.objects.count() == Journal.objects.count() == 1
    assert wallet(seller, buyer) == Decimal("10.00")


def test_a_period_is_settled_once_whoever_asks(seller, soy):
    program = make.a_program(seller, [(0, "0.10")], code="YEAR")
    first = request_settlement(program=program, starts_on=Q1, by=the_system(), at=APRIL)
    again = request_settlement(program=program, starts_on=Q1, by=the_system(), at=JULY)
    assert first.id == again.id
    assert first.period == "YEAR:2026-01-01"
    assert request_due(by=the_system(), at=JULY) == []


def test_two_sellers_may_use_the_same_code(seller, soy):
    programs = [make.a_program(one, [(0, "0.10")], code="A" * 40) for one in (seller, make.a_party())]
    jobs = [request_settlement(program=one, starts_on=Q1, by=the_system(), at=APRIL) for one in programs]
    assert jobs[0].id != jobs[1].id


def test_a_job_that_ends_asks_for_the_period_that_follows(seller, soy):
    make.a_program(seller, [(0, "0.10")])
    for _ in range(4):
        run(Job.objects.filter(state="queued").first() or request_due(by=the_system(), at=NEXT_YEAR)[0])
    assert not Job.objects.filter(state="queued").exists()
    assert Settlement.objects.filter(settled_at__isnull=False).count() == 4


def test_a_later_period_waits_for_the_earlier(seller):
    program = make.a_program(seller, [(0, "0.10")])
    with pytest.raises(EarlierPeriodOpen):
        request_settlement(program=program, starts_on=Q2, by=the_system(), at=JULY)


@pytest.mark.parametrize("at", [APRIL.replace(month=3, day=31), APRIL.replace(month=3, day=1)])
def test_a_period_that_has_not_passed_is_not_settled(seller, at):
    program = make.a_program(seller, [(0, "0.10")])
    with pytest.raises(NotDue):
        request_settlement(program=program, starts_on=Q1, by=the_system(), at=at)
    assert request_due(by=the_system(), at=at) == []


def test_the_period_passes_at_the_tenants_own_midnight(seller):
    program = make.a_program(seller, [(0, "0.10")])
    in_shanghai = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    assert request_settlement(program=program, starts_on=Q1, by=the_system(), at=in_shanghai)


def test_no_period_starts_in_the_middle(seller):
    program = make.a_program(seller, [(0, "0.10")])
    with pytest.raises(NotDue):
        request_settlement(program=program, starts_on=date(2026, 2, 1), by=the_system(), at=JULY)


def test_a_draft_is_not_settled(seller):
    make.a_program(seller, [(0, "0.10")], state=Program.State.DRAFT)
    assert request_due(by=the_system(), at=JULY) == []


def test_a_purchaser_may_not_settle(seller):
    program = make.a_program(seller, [(0, "0.10")])
    purchaser = Actor(party_id=make.a_party().id, party_kind="dealer", role="purchaser")
    with pytest.raises(NotAllowed):
        request_settlement(program=program, starts_on=Q1, by=purchaser, at=JULY)


def test_periods_follow_from_the_first_day_and_the_last_ends_with_the_program():
    program = Program(starts_on=date(2026, 1, 31), until=date(2026, 4, 10), settled_every=1)
    assert [(one.from_, one.until) for one in program.periods()] == [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 4, 10)),
    ]
