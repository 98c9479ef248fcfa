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


def test_a_draft_is_written_read_replaced_and_submitted(world):
    client = world.api(world.maker)
    made = client.post("contracts", body(world))
    assert made.status_code == 201, made.content
    draft = made.json()
    assert draft["terms"]["spreads"][0]["guaranteed"] == "6.0000"
    assert draft["terms"]["guarantees"][0]["clause"] == "4.2"
    again = body(world, clauses=[], notice_days=60)
    del again["code"]
    replaced = client.put(f"contracts/{draft['id']}/draft", again)
    assert replaced.status_code == 200, replaced.content
    assert (replaced.json()["terms"]["clauses"], replaced.json()["notice_days"]) == ([], 60)
    done = client.post(f"contracts/{draft['id']}/submission", {})
    assert (done.status_code, done.json()["state"]) == (200, "submitted")


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
