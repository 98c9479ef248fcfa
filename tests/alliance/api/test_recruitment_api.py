"""Applications and authorisations in the API."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.models import Authorisation
from dealers.models import Party
from tenancy.context import tenant_active
from tests.alliance.recruiting import HUICHENG, an_application
from tests.alliance.web.world import AllianceWorld, alliance_world
from tests.api_client import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def api(world: AllianceWorld, party: Party, role: str = "") -> ApiClient:
    return ApiClient(world.tenant, party, role or ("director" if party.kind == "manufacturer" else "owner"))


def authorisation(world: AllianceWorld, **changed: Any) -> dict[str, Any]:
    return {
        "party": str(world.dealer.id),
        "regions": [HUICHENG],
        "categories": [world.category.code],
        "starts_on": "2026-06-01",
        "until": "2035-01-01",
    } | changed


def test_applications_are_listed_read_and_decided(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        made, other = an_application(), an_application()
    client = api(world, world.maker)
    listed = client.get("applications?state=received").json()["results"]
    assert {one["code"] for one in listed} == {made.code, other.code}
    read = client.get(f"applications/{made.id}").json()
    assert [one["kind"] for one in read["entries"]] == ["received"]
    path = f"applications/{made.id}/decision"
    body = {"decision": "accept", "code": "M-9", "supplier": str(world.dealer.id)}
    assert client.post(path, body).json()["type"].endswith("not_qualified")
    done = client.post(path, body | {"reason": "known for years"})
    assert (done.status_code, done.json()["state"]) == (201, "accepted")
    refused = client.post(f"applications/{other.id}/decision", {"decision": "refuse", "reason": "no"})
    assert refused.json()["reason"] == "no"
    again = client.post(f"applications/{other.id}/decision", {"decision": "refuse", "reason": "no"})
    assert again.json()["type"].endswith("wrong_state")


def test_partners_have_no_applications(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        made = an_application()
    client = api(world, world.dealer)
    assert client.get("applications").status_code == 403
    assert client.get(f"applications/{made.id}").status_code == 403
    assert client.post(f"applications/{made.id}/decision", {"decision": "accept"}).status_code == 403


def test_authorisations_are_issued_read_and_verified(world: AllianceWorld) -> None:
    client = api(world, world.maker)
    made = client.post("authorisations", authorisation(world))
    assert (made.status_code, made.json()["state"]) == (201, "valid")
    wrong = client.post("authorisations", authorisation(world, regions=["999999"]))
    assert wrong.json()["field"] == "regions[0]"
    code, key = made.json()["code"], made.json()["id"]
    assert client.get(f"authorisations/verification/{code}").json() == {"state": "valid"}
    assert client.get("authorisations/verification/nothing").json() == {"state": "unknown"}
    own, other = api(world, world.dealer), api(world, world.member)
    assert own.get(f"authorisations/{key}").json()["number"] == made.json()["number"]
    assert other.get(f"authorisations/{key}").status_code == 404
    assert other.get("authorisations").json()["results"] == []
    assert own.post(f"authorisations/{key}/revocation", {"reason": "x"}).status_code == 403


def test_a_key_that_nobody_issued_cannot_revoke(world: AllianceWorld) -> None:
    client = api(world, world.maker)
    made = client.post("authorisations", authorisation(world)).json()
    sent = client.post(f"authorisations/{made['id']}/revocation", {"reason": "diversion"})
    assert sent.status_code in (202, 403)
    with tenant_active(world.tenant):
        assert Authorisation.objects.get().revoked_at is None
