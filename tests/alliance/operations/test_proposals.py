"""A dealer proposes a draft; the manufacturer takes it over and submits it."""

from datetime import date

import pytest

from alliance.models import Contract
from alliance.operations.drafting import edit_contract, set_terms
from alliance.operations.new_terms import NewArea, NewClause, NewTerms
from alliance.operations.proposals import propose_contract, take_over_proposal
from alliance.operations.signing import submit_contract
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import a_party, an_actor
from tests.refusing import refused

CLAUSES = NewTerms(clauses=(NewClause("Court", "In Huizhou."),))


def propose(world, by=None, **values):
    contract = Contract(
        code="P-1",
        member=values.get("member") or world.member(),
        starts_on=date(2026, 7, 1),
        until=date(2027, 7, 1),
        delivery_hours=24,
    )
    by = by or an_actor(world.dealer)
    return propose_contract(contract=contract, areas=[NewArea("soy", HUIZHOU)], by=by, at=NOW)


@pytest.mark.django_db
def test_a_dealer_proposes_and_changes_until_the_manufacturer_takes_over(world):
    dealer = an_actor(world.dealer)
    draft = propose(world, dealer)
    assert (draft.dealer_id, draft.manufacturer_id) == (world.dealer.id, world.maker.id)
    assert list(Contract.objects.proposed()) == [draft]
    draft.delivery_hours = 48
    edit_contract(contract=draft, by=dealer, at=NOW)
    set_terms(contract_id=draft.id, terms=CLAUSES, by=dealer, at=NOW)
    with refused("not_allowed"):
        submit_contract(contract_id=draft.id, by=dealer, at=NOW)
    for _again in range(2):
        taken = take_over_proposal(contract_id=draft.id, by=world.director, at=NOW)
    assert taken.taken_over_at == NOW
    with refused("wrong_state"):
        set_terms(contract_id=draft.id, terms=CLAUSES, by=dealer, at=NOW)
    assert submit_contract(contract_id=draft.id, by=world.director, at=NOW).proposed_by_id == world.dealer.id


@pytest.mark.django_db
def test_the_first_change_of_the_manufacturer_takes_over(world):
    draft = propose(world)
    draft.delivery_hours = 48
    edit_contract(contract=draft, by=world.director, at=NOW)
    assert Contract.objects.get().taken_over_at == NOW


@pytest.mark.django_db
def test_a_dealer_proposes_for_its_own_members_only(world):
    with refused("bad_contract", "member"):
        propose(world, member=a_party("member", parent=a_party("dealer")))
    with refused("not_allowed"):
        propose(world, by=world.director)
    theirs = world.draft()
    with refused("not_found", "contract"):
        set_terms(contract_id=theirs.id, terms=CLAUSES, by=an_actor(world.dealer), at=NOW)
    mine = propose(world)
    mine.dealer = a_party("dealer")
    with refused("bad_contract", "dealer"):
        edit_contract(contract=mine, by=an_actor(world.dealer), at=NOW)
