"""What happened to a contract's term, as evidence for its term guarantee."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alliance.models import Contract
from alliance.operations.ending import end_contract
from alliance.operations.rounds import turn_contracts
from alliance.operations.signing import submit_contract
from alliance.operations.versions import draft_next_version
from alliance.queries.life import term_events
from tests.alliance.world import HUIZHOU, NOW
from tests.approving import by_two

pytestmark = pytest.mark.django_db
YEAR = {"first": date(2026, 1, 1), "until": date(2027, 1, 1)}


def facts(**period):
    return [(one.metric, one.on, one.notice_days, one.what, one.role) for one in term_events(**period)]


def next_version(world, old, *, starts_on, until, at):
    made = draft_next_version(contract_id=old.id, starts_on=starts_on, until=until, by=world.director, at=at)
    return submit_contract(contract_id=made.id, by=world.director, at=at)


def test_a_contract_that_runs_gives_no_event(world):
    world.active(("soy", HUIZHOU))
    assert term_events(**YEAR) == []


def test_an_early_end_breaks_the_term_and_says_how_long_before_it_was_announced(world):
    contract = world.active(("soy", HUIZHOU))
    day = date(2026, 6, 11)
    by_two(
        end_contract,
        contract_id=contract.id,
        reason="regions",
        kind="reorganised",
        ended_by="dealer",
        ends_on=day,
        by=world.director,
        at=NOW,
    )
    assert facts(**YEAR) == [
        ("early_end", day, 10, "end", "dealer"),
        ("notice", day, 10, "end", "dealer"),
    ]
    assert term_events(first=date(2026, 5, 1), until=date(2026, 6, 1)) == []


def test_an_end_that_all_three_agreed_breaks_nothing(world):
    contract = world.active(("soy", HUIZHOU))
    by_two(end_contract, contract_id=contract.id, reason="done", ended_by="mutual", by=world.director, at=NOW)
    assert term_events(**YEAR) == []


def test_a_change_before_the_agreed_day_counts_the_days_from_its_text(world):
    old = world.active(("soy", HUIZHOU))
    new = next_version(world, old, starts_on=date(2026, 7, 1), until=date(2027, 1, 1), at=NOW)
    assert term_events(**YEAR) == []
    world.sign(new)
    (event,) = term_events(**YEAR)
    assert (event.contract_id, event.metric, event.on, event.notice_days, event.what) == (
        old.id,
        "notice",
        date(2026, 7, 1),
        30,
        "amendment",
    )
    assert event.next_id == new.id


def test_a_renewal_counts_from_its_submission_to_the_agreed_day(world):
    old = world.active(("soy", HUIZHOU), until=date(2026, 8, 1))
    assert facts(**YEAR) == [("renewal", date(2026, 8, 1), None, "renewal", "")]
    next_version(world, old, starts_on=date(2026, 8, 1), until=date(2027, 8, 1), at=NOW)
    assert facts(**YEAR) == [("renewal", date(2026, 8, 1), 61, "renewal", "")]


def test_ended_contracts_keep_their_events(world):
    world.active(("soy", HUIZHOU), until=date(2026, 8, 1))
    before = facts(**YEAR)
    turn_contracts(by=world.director, at=datetime(2026, 8, 2, tzinfo=UTC))
    assert Contract.objects.get().state == "ended"
    assert facts(**YEAR) == before


def test_the_statements_do_not_grow(world, django_assert_num_queries):
    for number in range(3):
        world.active(code=f"C-{number}", until=date(2026, 8, 1) + timedelta(days=number))
    with django_assert_num_queries(2):
        assert len(term_events(**YEAR)) == 3
