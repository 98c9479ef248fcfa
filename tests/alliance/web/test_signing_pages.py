"""Signing on screen: the hash travels with the form, and an old one signs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.models import Contract, Signature
from alliance.operations.signing import reopen_contract, submit_contract
from tenancy.context import tenant_active
from tests.alliance.web.world import AT, AllianceWorld, alliance_world
from tests.factories import a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def sign(world: AllianceWorld, person: Any, contract: Contract, digest: str = "", **more: str) -> Any:
    told = {"digest": digest or contract.digest, "read": "yes"} | more
    return world.client(person).post(f"/contracts/{contract.id}/sign", told)


def test_three_people_sign_and_it_is_in_force(world: AllianceWorld) -> None:
    contract = world.submitted()
    for person in (world.director, world.dealer_owner, world.member_owner):
        assert sign(world, person, contract).status_code == 302
    with tenant_active(world.tenant):
        contract.refresh_from_db()
    assert contract.state == "active"
    page = world.client(world.member_owner).get(f"/contracts/{contract.id}").content.decode()
    assert all(name in page for name in ("周启明", "冯国强", "陈志远"))


def test_the_signer_reads_what_they_get_in_their_own_figures(world: AllianceWorld) -> None:
    contract = world.submitted()
    page = world.client(world.member_owner).get(f"/contracts/{contract.id}/sign").content.decode()
    assert contract.digest[:8] in page
    assert f'value="{contract.digest}"' in page
    assert "6.5" in page
    assert "48" in page
    assert "120.00" in page


def test_nobody_signs_what_they_did_not_say_they_read(world: AllianceWorld) -> None:
    contract = world.submitted()
    assert sign(world, world.director, contract, read="").status_code == 422
    with tenant_active(world.tenant):
        assert not Signature.objects.exists()


def test_an_old_hash_is_refused_with_the_way_to_the_new_text(world: AllianceWorld) -> None:
    old = world.submitted()
    with tenant_active(world.tenant):
        director = an_actor(world.maker)
        reopen_contract(contract_id=old.id, by=director, at=AT)
        Contract.objects.filter(id=old.id).update(delivery_hours=24)
        submit_contract(contract_id=old.id, by=director, at=AT)
    answer = sign(world, world.member_owner, old)
    assert answer.status_code == 409
    assert f"/contracts/{old.id}/sign" in answer.content.decode()
    with tenant_active(world.tenant):
        assert not Signature.objects.exists()


def test_a_form_of_a_text_taken_back_signs_nothing(world: AllianceWorld) -> None:
    contract = world.submitted()
    with tenant_active(world.tenant):
        reopen_contract(contract_id=contract.id, by=an_actor(world.maker), at=AT)
    assert sign(world, world.dealer_owner, contract).status_code == 409


def test_a_taken_region_is_named_to_the_director_and_not_to_a_partner(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        other = a_party("member", parent=a_party("dealer"), name="别家批发部")
        dealer = other.parent
    world.active("C-TAKEN", member=other, dealer=dealer)
    contract = world.submitted()
    for person, named in ((world.director, True), (world.member_owner, False)):
        page = world.client(person).get(f"/contracts/{contract.id}/sign").content.decode()
        assert ("C-TAKEN" in page, "别家批发部" in page) == (named, named)
    world.sign(contract, world.maker, world.dealer)
    answer = sign(world, world.member_owner, contract)
    assert answer.status_code == 409
    assert "C-TAKEN" not in answer.content.decode()
    with tenant_active(world.tenant):
        assert Contract.objects.get(id=contract.id).state == "submitted"
        assert Signature.objects.filter(contract=contract).count() == 2


def test_a_role_without_the_right_does_not_sign(world: AllianceWorld) -> None:
    contract = world.submitted()
    with tenant_active(world.tenant):
        manager = a_membership(world.maker, "finance")
    assert sign(world, manager, contract).status_code == 403
