"""A contract's next version: signed by the three again, and in the old one's place from its start."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from alliance.domain.comparison import changes
from alliance.models import Contract, ContractArea
from alliance.operations.drafting import NewArea, NewSpread, edit_contract, set_areas, set_spreads
from alliance.operations.ending import end_contract
from alliance.operations.signing import RegionTaken, sign_contract, submit_contract
from alliance.operations.versions import draft_next_version
from alliance.queries import contract_in_force
from alliance.queries.taken_regions import taken_areas
from audit.models import AuditEntry
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU, NOW
from tests.approving import by_two
from tests.factories import a_product, an_actor
from tests.refusing import refused

pytestmark = pytest.mark.django_db
JULY, YEAR_END = date(2026, 7, 1), date(2027, 1, 1)


@pytest.fixture
def old(world):
    a_product("SOY")
    return world.active(
        ("soy", HUIZHOU),
        ("oyster", GUANGZHOU),
        spreads=[NewSpread("SOY", "3.1", Decimal(5), Decimal(60))],
    )


def next_of(world, contract, starts_on=JULY, **more):
    return draft_next_version(contract_id=contract.id, starts_on=starts_on, by=world.director, at=NOW, **more)


def signed(world, draft):
    return world.sign(submit_contract(contract_id=draft.id, by=world.director, at=NOW))


def test_it_is_a_draft_with_the_same_promises(world, old):
    made = next_of(world, old)
    assert (made.code, made.version, made.state) == (old.code, 2, "draft")
    assert (made.starts_on, made.until) == (JULY, old.until)
    submitted = submit_contract(contract_id=made.id, by=world.director, at=NOW)
    assert [(one.what, one.field) for one in changes(old.text, submitted.text)] == [("term", "from")]
    assert submitted.text["replaces"] == {"version": 1, "digest": old.digest}


def test_the_old_one_holds_until_all_three_have_signed_and_then_to_the_day_before(world, old):
    made = next_of(world, old)
    set_spreads(
        contract_id=made.id,
        by=world.director,
        at=NOW,
        spreads=[NewSpread("SOY", "3.1", Decimal(6), Decimal(60))],
    )
    submitted = submit_contract(contract_id=made.id, by=world.director, at=NOW)
    world.sign(submitted, submitted.manufacturer, submitted.dealer)
    old.refresh_from_db()
    assert old.until == YEAR_END
    made = world.sign(submitted, submitted.member)
    old.refresh_from_db()
    assert (made.state, old.state, old.until) == ("active", "active", JULY)
    pair = {"seller_id": old.dealer_id, "buyer_id": old.member_id}
    assert contract_in_force(**pair, on=date(2026, 6, 30)).id == old.id
    assert contract_in_force(**pair, on=JULY).id == made.id
    assert AuditEntry.objects.filter(target_id=str(old.id), action="contract.replace").count() == 1


def test_the_text_that_was_signed_stays_as_it_was(world, old):
    before = dict(old.text)
    signed(world, next_of(world, old))
    old.refresh_from_db()
    assert old.text == before
    assert old.text["term"]["until"] == "2027-01-01"


def test_regions_pass_on_without_a_day_between_and_what_is_given_up_is_free(world, old):
    made = next_of(world, old)
    set_areas(contract_id=made.id, areas=[NewArea("soy", HUIZHOU)], by=world.director, at=NOW)
    assert taken_areas(made.id) == []
    signed(world, made)
    held = set(ContractArea.objects.filter(holds=True).values_list("contract__version", "category__code"))
    assert held == {(1, "soy"), (1, "oyster"), (2, "soy")}
    half = {"starts_on": JULY, "until": YEAR_END}
    with pytest.raises(RegionTaken), transaction.atomic():
        world.active(("soy", HUICHENG), code="C-2", **half)
    with pytest.raises(RegionTaken), transaction.atomic():
        world.active(("soy", HUICHENG), code="C-3", starts_on=date(2026, 1, 1), until=JULY)
    with pytest.raises(RegionTaken), transaction.atomic():
        world.active(("oyster", GUANGZHOU), code="C-4")
    assert world.active(("oyster", GUANGZHOU), code="C-5", **half).state == "active"


def test_a_region_of_another_contract_keeps_the_next_version_out_and_the_old_one_whole(world, old):
    world.active(("oyster", HUIZHOU), code="C-9")
    made = next_of(world, old)
    areas = [NewArea("soy", HUIZHOU), NewArea("oyster", HUIZHOU)]
    set_areas(contract_id=made.id, areas=areas, by=world.director, at=NOW)
    submitted = submit_contract(contract_id=made.id, by=world.director, at=NOW)
    world.sign(submitted, submitted.member, submitted.dealer)
    with pytest.raises(RegionTaken) as taken, transaction.atomic():
        world.sign(submitted, submitted.manufacturer)
    assert taken.value.details["contract"] == "C-9"
    old.refresh_from_db()
    assert old.until == YEAR_END
    assert old.areas.filter(holds=True).count() == 2


def test_one_next_version_is_written_at_a_time_and_from_the_latest(world, old):
    made = next_of(world, old)
    with refused("conflict") as again:
        next_of(world, old)
    assert again.value.details["contract_id"] == str(made.id)
    second = signed(world, made)
    with refused("wrong_state"):
        next_of(world, old)
    third = signed(world, next_of(world, second, starts_on=date(2026, 10, 1)))
    ends = Contract.objects.filter(code=old.code).order_by("version").values_list("until", flat=True)
    assert (third.version, list(ends)) == (3, [JULY, date(2026, 10, 1), YEAR_END])


def test_it_may_follow_the_old_term_as_a_renewal(world, old):
    made = signed(world, next_of(world, old, starts_on=YEAR_END, until=date(2028, 1, 1)))
    old.refresh_from_db()
    assert (old.until, made.state) == (YEAR_END, "active")


@pytest.mark.parametrize("starts_on", [date(2026, 1, 1), date(2025, 7, 1)])
def test_it_begins_after_the_one_it_replaces(world, old, starts_on):
    with refused("bad_contract", field="starts_on"):
        next_of(world, old, starts_on=starts_on)
    assert Contract.objects.count() == 1


def test_it_is_between_the_same_three(world, old):
    made = next_of(world, old)
    made.member = world.member()
    with refused("bad_contract", field="member"):
        edit_contract(contract=made, by=world.director, at=NOW)


def test_a_draft_has_no_next_version_and_a_partner_writes_none(world, old):
    with refused("wrong_state"):
        next_of(world, world.draft(code="C-7"))
    with refused("not_allowed"):
        draft_next_version(contract_id=old.id, starts_on=JULY, by=an_actor(old.member), at=NOW)


def test_a_next_version_is_signed_after_the_old_one_ended(world, old):
    made = next_of(world, old)
    by_two(end_contract, contract_id=old.id, reason="both agreed", by=world.director, at=NOW)
    assert signed(world, made).state == "active"


def test_a_later_version_that_has_ended_stands_in_nobodys_way(world, old):
    second = signed(world, next_of(world, old))
    by_two(end_contract, contract_id=second.id, reason="both agreed", by=world.director, at=NOW)
    third = signed(world, next_of(world, old, starts_on=date(2026, 5, 1), until=YEAR_END))
    old.refresh_from_db()
    assert (third.version, third.state, old.until) == (3, "active", date(2026, 5, 1))
    assert third.text["replaces"]["version"] == 1


@pytest.mark.parametrize("until", [date(2026, 6, 1), date(2026, 7, 2), date(2028, 1, 1)])
def test_the_database_lets_nothing_else_shorten_a_signed_contract(world, old, until):
    signed(world, next_of(world, old))
    with pytest.raises(DatabaseError), transaction.atomic():
        Contract.objects.filter(id=old.id).update(until=until)
    with pytest.raises(DatabaseError), transaction.atomic():
        old.areas.update(term=(date(2026, 1, 1), until))


def test_the_database_lets_no_signed_region_be_emptied(world, old):
    with pytest.raises(DatabaseError), transaction.atomic():
        old.areas.update(term=DateRange(empty=True))


def test_signing_twice_shortens_once(world, old):
    made = signed(world, next_of(world, old))
    with refused("wrong_state"):
        sign_contract(contract_id=made.id, digest=made.digest, by=an_actor(old.member), at=NOW)
