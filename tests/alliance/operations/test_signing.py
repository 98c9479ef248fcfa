from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.rights import the_system
from alliance.models import Contract, ContractArea, Signature, SpreadTerm
from alliance.operations.contract_text import digest_of
from alliance.operations.drafting import (
    NewSpread,
    edit_contract,
    set_areas,
    set_spreads,
)
from alliance.operations.ending import end_contract
from alliance.operations.signing import reopen_contract, sign_contract, submit_contract
from alliance.queries.taken_regions import outside_territory
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU, NOW
from tests.approving import by_two
from tests.factories import a_party, a_product, an_actor
from tests.refusing import refused


@pytest.mark.django_db
def test_three_signatures_over_one_text_make_it_active(world):
    contract = world.submit(("soy", HUIZHOU))
    assert world.sign(contract, contract.member).state == "submitted"
    assert world.sign(contract, contract.dealer).state == "submitted"
    assert not ContractArea.objects.filter(holds=True).exists()
    done = world.sign(contract, contract.manufacturer)
    assert (done.state, done.activated_at) == ("active", NOW)
    assert list(contract.areas.values_list("holds", flat=True)) == [True]
    assert Signature.objects.filter(contract=contract, digest=contract.digest).count() == 3


@pytest.mark.django_db
def test_the_text_says_everything_that_is_promised_and_its_hash_can_be_repeated(world):
    a_product("SOY", name="生抽")
    spread = NewSpread("SOY", "4.1", Decimal("8"), Decimal("60"))
    contract = world.submit(("soy", HUIZHOU), spreads=[spread])
    contract.refresh_from_db()
    assert contract.digest == digest_of(contract.text)
    assert contract.text["term"] == {"from": "2026-01-01", "until": "2027-01-01"}
    assert contract.text["areas"][0]["region_name"].endswith("惠州市")
    assert contract.text["service"] == {"delivery_hours": 24, "late_fee": "50.00"}
    assert contract.text["spreads"][0]["guaranteed"] == "8.0000"
    assert contract.text["parties"]["member"]["code"] == contract.member.code


@pytest.mark.django_db
def test_signing_twice_changes_nothing(world):
    contract = world.submit(("soy", HUIZHOU))
    world.sign(contract, contract.member, contract.member)
    assert Signature.objects.count() == 1


@pytest.mark.django_db
def test_an_old_hash_is_not_signed(world):
    contract = world.submit(("soy", HUIZHOU))
    world.sign(contract, contract.member)
    old = contract.digest
    draft = reopen_contract(contract_id=contract.id, by=world.director, at=NOW)
    draft.late_fee = Decimal("60")
    edit_contract(contract=draft, by=world.director, at=NOW)
    again = submit_contract(contract_id=contract.id, by=world.director, at=NOW)
    assert again.digest != old
    with refused("old_digest", "digest"):
        sign_contract(contract_id=contract.id, digest=old, by=an_actor(contract.dealer), at=NOW)
    assert world.sign(again, contract.dealer, contract.manufacturer).state == "submitted"
    assert world.sign(again, contract.member).state == "active"


@pytest.mark.django_db
def test_only_the_three_parties_sign_and_only_who_may(world):
    contract = world.submit(("soy", HUIZHOU))
    stranger = a_party("dealer")
    with refused("not_found", "contract"):
        sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(stranger), at=NOW)
    with refused("not_allowed"):
        sign_contract(contract_id=contract.id, digest=contract.digest, by=the_system(), at=NOW)
    for party, role in (
        (contract.dealer, "purchaser"),
        (contract.member, "sales_rep"),
        (world.maker, "finance"),
    ):
        with refused("not_allowed"):
            by = an_actor(party, role)
            sign_contract(contract_id=contract.id, digest=contract.digest, by=by, at=NOW)


@pytest.mark.django_db
def test_a_draft_and_an_active_contract_are_not_signed(world):
    draft = world.draft(("soy", HUIZHOU))
    with refused("wrong_state"):
        world.sign(draft, draft.member)
    active = world.active(("soy", GUANGZHOU), code="C-2")
    with refused("wrong_state"):
        world.sign(active, active.member)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["submitted", "active", "ended"])
def test_what_was_submitted_or_signed_is_never_edited(world, state):
    a_product("SOY")
    spread = NewSpread("SOY", "4.1", Decimal("8"), Decimal("60"))
    contract = world.submit(("soy", HUIZHOU), spreads=[spread])
    if state != "submitted":
        world.sign(contract)
    if state == "ended":
        by_two(end_contract, contract_id=contract.id, reason="x", by=world.director, at=NOW)
    for edit in (
        lambda: edit_contract(contract=contract, by=world.director, at=NOW),
        lambda: set_areas(contract_id=contract.id, areas=[], by=world.director, at=NOW),
        lambda: set_spreads(contract_id=contract.id, spreads=[], by=world.director, at=NOW),
        lambda: submit_contract(contract_id=contract.id, by=world.director, at=NOW),
    ):
        with refused("wrong_state"):
            edit()
    mine = Contract.objects.filter(id=contract.id)
    for change in (
        lambda: mine.update(text={}),
        lambda: mine.update(digest="0" * 64),
        lambda: mine.update(until=date(2030, 1, 1)),
        lambda: mine.update(late_fee=0),
        lambda: SpreadTerm.objects.update(guaranteed=1),
        lambda: SpreadTerm.objects.all().delete(),
        lambda: ContractArea.objects.update(region_id=GUANGZHOU),
        lambda: ContractArea.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_what_was_signed_does_not_go_back_and_does_not_go_away(world):
    contract = world.active(("soy", HUIZHOU))
    mine = Contract.objects.filter(id=contract.id)
    with refused("wrong_state"):
        reopen_contract(contract_id=contract.id, by=world.director, at=NOW)
    for change in (lambda: mine.update(state="draft"), lambda: mine._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_regions_outside_the_dealers_city_are_named(world):
    world.dealer.region_id = HUICHENG
    assert outside_territory(world.dealer, [HUIZHOU, HUICHENG]) == []
    (name,) = outside_territory(world.dealer, [GUANGZHOU, HUIZHOU])
    assert "广州" in name
    world.dealer.region_id = "44"
    assert outside_territory(world.dealer, [GUANGZHOU]) == []
    world.dealer.region_id = None
    assert outside_territory(world.dealer, [GUANGZHOU]) == []
    assert outside_territory(None, [GUANGZHOU]) == []
