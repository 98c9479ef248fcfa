"""A contract's next version on screen and over the API: what changed is shown before it is signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alliance.models import Contract
from alliance.operations.drafting import NewSpread, set_spreads
from alliance.operations.ending import end_contract
from alliance.operations.signing import submit_contract
from portal.queries import guarantees
from portal.queries.combined_query import together
from tenancy.context import tenant_active
from tests.alliance.web.world import AT, TODAY, AllianceWorld, alliance_world
from tests.api_client import ApiClient
from tests.approving import by_two
from tests.factories import an_actor

pytestmark = pytest.mark.django_db
STARTS = TODAY + timedelta(days=30)


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def asked(world: AllianceWorld, contract: Contract, **more: str) -> Any:
    typed = {"starts_on": STARTS.isoformat(), "last_day": (TODAY + timedelta(days=400)).isoformat()}
    return world.client(world.director).post(f"/contracts/{contract.id}/revise", typed | more)


def second_of(world: AllianceWorld) -> Contract:
    with tenant_active(world.tenant):
        found: Contract = Contract.objects.select_related("manufacturer", "dealer", "member").get(version=2)
        return found


def test_the_director_drafts_it_and_is_led_to_its_promises(world: AllianceWorld) -> None:
    old = world.active()
    page = world.client(world.director).get(f"/contracts/{old.id}").content.decode()
    assert f"/contracts/{old.id}/revise" in page
    assert world.client(world.director).get(f"/contracts/{old.id}/revise").status_code == 200
    answer = asked(world, old)
    draft = second_of(world)
    assert answer.headers["Location"] == f"/contracts/{draft.id}/edit"
    page = world.client(world.director).get(f"/contracts/{old.id}").content.decode()
    assert f"/contracts/{draft.id}" in page
    assert f"/contracts/{old.id}/revise" not in page


def test_what_changed_is_shown_on_the_draft_and_where_it_is_signed(world: AllianceWorld) -> None:
    old = world.active()
    asked(world, old)
    draft = second_of(world)
    with tenant_active(world.tenant):
        by = an_actor(world.maker)
        spreads = [NewSpread(world.product.sku, "3.2", 8, 92)]
        set_spreads(contract_id=draft.id, spreads=spreads, by=by, at=AT)
        submitted = submit_contract(contract_id=draft.id, by=by, at=AT)
    for person, path in ((world.director, ""), (world.member_owner, "/sign")):
        page = world.client(person).get(f"/contracts/{draft.id}{path}").content.decode()
        assert "v1 → v2" in page
        assert "6.5" in page
    world.sign(submitted)
    with tenant_active(world.tenant):
        old.refresh_from_db()
    assert old.until == STARTS


def test_what_a_signed_next_version_follows_does_not_end_soon(world: AllianceWorld) -> None:
    old = world.active(until=TODAY + timedelta(days=40))
    asked(world, old)
    draft = second_of(world)
    director, member = world.client(world.director), world.client(world.member_owner)

    def ending() -> tuple[bool, int]:
        listed = f"/contracts/{old.id}" in director.get("/contracts?ends=60").content.decode()
        with tenant_active(world.tenant):
            told = together(waiting=guarantees.waiting(an_actor(world.maker), today=TODAY))["waiting"]
        return listed, guarantees.Contracts.of(told).ending

    assert ending() == (True, 1)
    with tenant_active(world.tenant):
        submitted = submit_contract(contract_id=draft.id, by=an_actor(world.maker), at=AT)
    world.sign(submitted)
    assert ending() == (False, 0)
    home = member.get("/m/").content.decode()
    assert f"/contracts/{old.id}" in home, "until the next one begins"
    assert f"/contracts/{draft.id}" not in home
    with tenant_active(world.tenant):
        by_two(end_contract, contract_id=draft.id, reason="both agreed", by=an_actor(world.maker), at=AT)
    assert ending() == (True, 1)
    assert f"/contracts/{old.id}/revise" in director.get(f"/contracts/{old.id}").content.decode()


def test_asking_twice_leads_to_the_one_that_is_open(world: AllianceWorld) -> None:
    old = world.active()
    asked(world, old)
    assert asked(world, old).headers["Location"] == f"/contracts/{second_of(world).id}"


def test_a_wrong_day_is_said_beside_its_field_and_kept(world: AllianceWorld) -> None:
    old = world.active()
    answer = asked(world, old, starts_on=old.starts_on.isoformat())
    assert answer.status_code == 422
    assert f'value="{old.starts_on.isoformat()}"' in answer.content.decode()
    assert asked(world, old, last_day=TODAY.isoformat()).status_code == 422


def test_a_partner_writes_none_and_a_draft_has_none(world: AllianceWorld) -> None:
    old = world.active()
    path = f"/contracts/{old.id}/revise"
    assert world.client(world.member_owner).get(path).status_code == 403
    draft = world.draft("C-9")
    answer = world.client(world.director).get(f"/contracts/{draft.id}/revise").content.decode()
    assert '<form method="post" class="tp-card' not in answer


def test_a_sheet_taken_back_or_submitted_twice_is_done_once(world: AllianceWorld) -> None:
    draft = world.draft()
    client = world.client(world.director)
    for _turn in range(2):
        answer = client.post(f"/contracts/{draft.id}/submit", {"once": "a-token-of-the-page"})
        assert answer.status_code == 302
    assert "be signed" not in str(answer.content)
    page = client.get(f"/contracts/{draft.id}").content.decode()
    assert page.count("tp-toast tp-is-bad") == 0


def test_over_the_api(world: AllianceWorld) -> None:
    old = world.active()
    api = ApiClient(world.tenant, world.maker, "director")
    path = f"contracts/{old.id}/versions"
    made = api.post(path, {"starts_on": STARTS.isoformat()})
    assert made.status_code == 201
    told = made.json()
    assert (told["version"], told["state"], told["starts_on"]) == (2, "draft", STARTS.isoformat())
    assert told["until"] == old.until.isoformat()
    assert [one["version"] for one in api.get(path).json()] == [2, 1]
    assert api.post(path, {"starts_on": STARTS.isoformat()}).status_code == 409
    member = ApiClient(world.tenant, world.member, "owner")
    assert member.post(path, {"starts_on": STARTS.isoformat()}).status_code == 403
