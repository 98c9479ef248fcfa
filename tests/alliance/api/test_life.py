"""A contract's life by API: sign state, PDF, end, deposit and verification."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from alliance.operations.signing import sign_contract
from tenancy.context import tenant_active
from tests.alliance.api.test_api import World
from tests.alliance.world import NOW
from tests.api_client import ApiClient
from tests.factories import an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
PAGES = ("sign-state", "pdf", "end", "deposit")


@pytest.fixture
def world(acme):
    return World(acme)


def sign(world, *parties):
    with tenant_active(world.tenant):
        for party in parties:
            contract = world.contract
            sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(party), at=NOW)


def test_the_sign_state_names_who_has_signed(world):
    path = f"contracts/{world.contract.id}/sign-state"
    body = world.api(world.member).get(path).json()
    assert body["stage"] == "submitted"
    assert body["digest"] == world.contract.digest
    assert body["warnings"][-1:] == ["begins_in_past"]
    assert [one["signed_at"] for one in body["signatures"]] == [None, None, None]
    sign(world, world.member)
    by_role = {one["role"]: one for one in world.api(world.dealer).get(path).json()["signatures"]}
    assert by_role["member"]["signed_at"] is not None
    assert (by_role["member"]["method"], by_role["dealer"]["signed_at"]) == ("click", None)


def test_the_pdf_comes_in_two_languages(world):
    path = f"contracts/{world.contract.id}/pdf"
    made = [world.api(world.member).get(path, {"lang": lang}) for lang in ("zh-hans", "en")]
    assert [one["Content-Type"] for one in made] == ["application/pdf"] * 2
    assert made[0].content[:5] == made[1].content[:5] == b"%PDF-"
    assert made[0].content != made[1].content


def test_an_end_waits_for_a_second_person_and_says_so(world):
    sign(world, world.maker, world.dealer, world.member)
    path = f"contracts/{world.contract.id}/end"
    day = timezone.localdate() + timedelta(days=3)
    sent = {"ends_on": day.isoformat(), "kind": "closing", "ended_by": "dealer", "reason": "停业"}
    with tenant_active(world.tenant):
        issuer, _second = a_membership(world.maker), a_membership(world.maker)
    api = ApiClient(world.tenant, world.maker, "director", issuer=issuer.user)
    answer = api.post(path, sent)
    assert answer.status_code == 202
    assert answer.json()["approval"] is not None
    assert api.post(path, sent | {"kind": "term_over"}).status_code == 400
    assert world.api(world.member).post(path, sent).status_code == 403
    assert world.api(world.member).get(path).json()["ended_on"] is None


def test_the_deposit_of_a_contract_without_one_is_nothing(world):
    body = world.api(world.member).get(f"contracts/{world.contract.id}/deposit").json()
    assert body["agreed"] == body["open"] == "0.00"
    assert body["book"] is None


def test_a_code_verifies_a_text_and_names_nobody(world):
    api = world.api(world.stranger)
    state = world.api(world.member).get(f"contracts/{world.contract.id}/sign-state").json()
    code = state["verification"].rpartition("/")[2]
    assert api.get(f"contracts/verify/{code}").json() == {"signed_by_all": False, "signed_on": []}
    sign(world, world.maker, world.dealer, world.member)
    found = api.get(f"contracts/verify/{code}").json()
    assert found["signed_by_all"]
    assert found["signed_on"] == [datetime(2026, 6, 1, tzinfo=UTC).date().isoformat()] * 3
    assert api.get(f"contracts/verify/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_others_see_nothing_of_it(world, page):
    assert world.api(world.stranger).get(f"contracts/{world.contract.id}/{page}").status_code == 404
