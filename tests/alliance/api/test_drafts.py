"""Drafts over the API: written whole, read back, replaced, submitted, compared."""

from datetime import date

import pytest

from alliance.models import Contract
from alliance.operations.templates import save_template
from tenancy.context import tenant_active
from tests.alliance.api.test_api import World
from tests.alliance.world import HUIZHOU, NOW
from tests.factories import an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acme):
    return World(acme)


def body(world, **values):
    return {
        "code": "C-9",
        "dealer": str(world.dealer.id),
        "member": str(world.member.id),
        "starts_on": "2027-02-01",
        "until": "2028-02-01",
        "delivery_hours": 48,
        "areas": [{"category": "soy", "region": HUIZHOU}],
        "spreads": [{"sku": "SOY", "percent": "10", "advised_resale": "60"}],
        "guarantees": [{"metric": "visits", "target": "4", "owed_per_event": "50"}],
        "kpis": [{"metric": "outlets", "target": "30", "weight": "1"}],
        "clauses": [{"heading": "Court", "body": "In Huizhou."}],
    } | values


def replacement(world, draft, **values):
    wanted = body(world, draft_version=draft["draft_version"], **values)
    del wanted["code"]
    return wanted


def test_a_draft_is_written_read_replaced_and_submitted(world):
    client = world.api(world.maker)
    made = client.post("contracts", body(world))
    assert made.status_code == 201, made.content
    draft = made.json()
    assert draft["terms"]["spreads"][0]["guaranteed"] == "6.0000"
    assert draft["terms"]["guarantees"][0]["clause"] == "4.2"
    again = replacement(world, draft, clauses=[], notice_days=60)
    replaced = client.put(f"contracts/{draft['id']}/draft", again)
    assert replaced.status_code == 200, replaced.content
    assert (replaced.json()["terms"]["clauses"], replaced.json()["notice_days"]) == ([], 60)
    done = client.post(f"contracts/{draft['id']}/submission", {})
    assert (done.status_code, done.json()["state"]) == (200, "submitted")


def test_a_draft_that_someone_else_replaced_is_not_overwritten(world):
    client = world.api(world.maker)
    draft = client.post("contracts", body(world)).json()
    path = f"contracts/{draft['id']}/draft"
    mine, theirs = (replacement(world, draft, notice_days=days) for days in (60, 90))
    assert client.put(path, theirs).status_code == 200
    refused = client.put(path, mine)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        409,
        "conflict",
        "version",
    )
    now = client.get(f"contracts/{draft['id']}").json()
    assert (now["notice_days"], now["draft_version"]) == (90, refused.json()["version"])
    assert client.put(path, theirs).status_code == 200, "the stored values once more are no conflict"
    assert client.put(path, mine | {"draft_version": now["draft_version"]}).json()["notice_days"] == 60
    del mine["draft_version"]
    assert client.put(path, mine).status_code == 400


def test_a_dealer_replaces_its_own_proposal(world):
    client = world.api(world.dealer)
    draft = client.post("contracts", body(world)).json()
    again = replacement(world, draft, notice_days=60)
    assert client.put(f"contracts/{draft['id']}/draft", again).status_code == 200
    submission = world.api(world.maker).put(
        f"contracts/{draft['id']}/draft",
        replacement(world, client.get(f"contracts/{draft['id']}").json(), notice_days=45),
    )
    assert submission.status_code == 200, submission.content
    again["draft_version"] = submission.json()["draft_version"]
    assert client.put(f"contracts/{draft['id']}/draft", again).status_code == 409


def test_what_is_wrong_is_named_by_its_path(world):
    client = world.api(world.maker)
    refused = client.post(
        "contracts", body(world, kpis=[{"metric": "outlets", "target": "3", "weight": "0.5"}])
    )
    assert (refused.status_code, refused.json()["field"]) == (422, "kpis[0].weight")


def test_a_dealers_key_proposes(world):
    made = world.api(world.dealer).post("contracts", body(world))
    assert made.status_code == 201, made.content
    assert made.json()["proposed_by"] == str(world.dealer.id)
    assert world.api(world.member).post("contracts", body(world, code="C-10")).status_code == 403


def test_templates_and_versions_are_read(world):
    client = world.api(world.maker)
    with tenant_active(world.tenant):
        one = Contract.objects.get(code="C-1")
        save_template(contract_id=one.id, name="Small", by=an_actor(world.maker), at=NOW)
        Contract.objects.filter(id=one.id).update(state="active")
    listed = client.get("contract-templates").json()
    assert [row["name"] for row in listed["results"]] == ["Small"]
    assert world.api(world.dealer).get("contract-templates").status_code == 403
    made = client.post(f"contracts/{one.id}/versions", {"starts_on": str(date(2026, 6, 1))}).json()
    found = client.get(f"contracts/{made['id']}/comparison?with={one.id}").json()
    assert [(row["clause"], row["what"], row["after"]) for row in found] == [("1.4", "term", "2026-06-01")]
    assert client.get(f"contracts/{made['id']}/comparison?with=x").status_code == 404
