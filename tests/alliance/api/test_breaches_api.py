from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alliance.models import Breach, ServiceFact
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from tenancy.context import tenant_active
from tests.alliance.api.test_api import World
from tests.factories import a_contract

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)


@pytest.fixture
def world(acme):
    return World(acme)


@pytest.fixture
def breach(world):
    with tenant_active(world.tenant):
        contract = a_contract(world.dealer, world.member, code="C-9", manufacturer=world.maker)
        record_evidence([NewEvidence(contract.id, "spread", "s:1", date(2026, 6, 2), False, Decimal(80))])
        measure_month(month=date(2026, 6, 1), at=NOW)
        return Breach.objects.get()


def test_a_breach_is_listed_replied_to_and_decided(world, breach):
    dealer, staff = world.api(world.dealer), world.api(world.maker)
    path = f"breaches/{breach.id}"
    (listed,) = dealer.get("breaches", {"state": "open"}).json()["results"]
    assert (listed["code"], listed["amount"]) == ("C-9", "80.00")
    assert dealer.get(path).json()["shares"][0]["amount"] == "80.00"
    assert staff.post(f"{path}/decision", {"decision": "upheld", "reason": "r"}).status_code == 409
    replied = dealer.post(f"{path}/reply", {"accepts": False, "reason": "Flood."})
    assert replied.status_code == 201
    assert replied.json()["replies"][0]["reason"] == "Flood."
    assert dealer.post(f"{path}/decision", {"decision": "dismissed", "reason": "r"}).status_code == 403
    values = {"decision": "partly", "amount": "30.00", "reason": "Half of it."}
    assert staff.post(f"{path}/decision", values).json()["decided_amount"] == "30.00"


def test_a_stranger_finds_no_breach(world, breach):
    stranger = world.api(world.stranger)
    assert stranger.get("breaches").json()["results"] == []
    assert stranger.get("guarantees").json()["results"] == []
    assert stranger.get(f"breaches/{breach.id}").status_code == 404
    assert stranger.post(f"breaches/{breach.id}/reply", {"accepts": True}).status_code == 404


def test_guarantees_are_listed(world, breach):
    (row,) = world.api(world.member).get("guarantees", {"month": "2026-06-01"}).json()["results"]
    assert (row["code"], row["kind"], row["owed"]) == ("C-9", "spread", "80.00")


def test_service_is_reported_once(world, breach):
    staff, path = world.api(world.maker), f"contracts/{breach.contract_id}/service-facts"
    values = {"metric": "visits", "on": "2026-06-03", "source": "crm:1", "quantity": 2}
    first = staff.post(path, values)
    assert first.status_code == 201
    assert staff.post(path, values).json()["id"] == first.json()["id"]
    assert staff.post(path, values | {"quantity": 3}).status_code == 409
    assert len(world.api(world.member).get(path).json()["results"]) == 1
    assert world.api(world.dealer).post(path, values).status_code == 403
    assert world.api(world.stranger).get(path).status_code == 404
    with tenant_active(world.tenant):
        assert ServiceFact.objects.count() == 1
