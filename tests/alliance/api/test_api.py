from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.models import Contract
from alliance.operations.drafting import NewArea, NewSpread, draft_contract
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from alliance.operations.signing import submit_contract
from tenancy.context import tenant_active
from tests.alliance.world import HUIZHOU, NOW
from tests.api_client import ApiClient
from tests.factories import a_category, a_contract, a_manufacturer, a_party, a_product, an_actor

pytestmark = pytest.mark.django_db


class World:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.maker = a_manufacturer()
            self.dealer = a_party("dealer", parent=self.maker)
            self.member = a_party("member", parent=self.dealer)
            self.stranger = a_party("dealer", parent=self.maker)
            a_category("soy")
            a_product("SOY")
            contract = Contract(
                code="C-1",
                manufacturer=self.maker,
                dealer=self.dealer,
                member=self.member,
                starts_on=date(2026, 1, 1),
                until=date(2027, 1, 1),
                delivery_hours=24,
            )
            by = an_actor(self.maker)
            draft_contract(
                contract=contract,
                areas=[NewArea("soy", HUIZHOU)],
                by=by,
                at=NOW,
                spreads=[NewSpread("SOY", "3.1", Decimal(8), Decimal(60))],
            )
            self.contract = submit_contract(contract_id=contract.id, by=by, at=NOW)

    def api(self, party, role=None):
        return ApiClient(
            self.tenant, party, role or ("director" if party.kind == "manufacturer" else "owner")
        )


@pytest.fixture
def world(acme):
    return World(acme)


def test_the_three_sign_over_the_api(world):
    path = f"contracts/{world.contract.id}"
    states = []
    for party in (world.member, world.dealer, world.maker):
        api = world.api(party)
        digest = api.get(path).json()["digest"]
        answer = api.post(f"{path}/signatures", {"digest": digest})
        assert answer.status_code == 201
        states.append(answer.json()["state"])
    assert states == ["submitted", "submitted", "active"]
    told = world.api(world.member).get(path).json()
    assert told["areas"] == [
        {
            "category": "soy",
            "region": HUIZHOU,
            "region_name": told["areas"][0]["region_name"],
            "channel": "",
            "holds": True,
        }
    ]
    assert told["spreads"][0] == {
        "clause": "3.1",
        "sku": "SOY",
        "guaranteed": "8.0000",
        "percent": None,
        "advised_resale": "60.0000",
    }
    assert {one["party"] for one in told["signatures"]} == {
        str(world.maker.id),
        str(world.dealer.id),
        str(world.member.id),
    }
    assert told["text"]["code"] == "C-1"


@pytest.mark.parametrize(("digest", "status"), [("0" * 64, 409), ("nonsense", 400), (None, 400)])
def test_another_digest_is_not_signed(world, digest, status):
    path = f"contracts/{world.contract.id}/signatures"
    assert world.api(world.member).post(path, {"digest": digest}).status_code == status


def test_others_neither_see_nor_sign(world):
    path = f"contracts/{world.contract.id}"
    stranger = world.api(world.stranger)
    assert stranger.get("contracts").json()["results"] == []
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{path}/evidence").json()["results"] == []
    assert stranger.post(f"{path}/signatures", {"digest": world.contract.digest}).status_code == 404
    purchaser = world.api(world.dealer, "purchaser")
    assert purchaser.get("contracts").status_code == 403
    assert purchaser.post(f"{path}/signatures", {"digest": world.contract.digest}).status_code == 403


def test_another_tenants_key_finds_no_contract(world, bolt):
    with tenant_active(bolt):
        other = ApiClient(bolt, a_manufacturer(), "director")
    path = f"contracts/{world.contract.id}"
    assert other.get(path).status_code == 404
    assert other.post(f"{path}/signatures", {"digest": world.contract.digest}).status_code == 404
    assert other.get(f"{path}/evidence").json()["results"] == []


def test_a_contract_tells_its_months_and_its_evidence(world):
    with tenant_active(world.tenant):
        record_evidence(
            [
                NewEvidence(
                    world.contract.id, "spread", f"s:{n}", date(2026, 6, n + 1), n > 0, Decimal(n == 0)
                )
                for n in range(3)
            ]
        )
        measure_month(month=date(2026, 6, 1), at=NOW)
    api = world.api(world.member)
    assert api.get(f"contracts/{world.contract.id}").json()["months"] == [
        {
            "month": "2026-06-01",
            "kind": "spread",
            "measured": 3,
            "broken": 1,
            "owed": "1.00",
            "booked": "0.00",
        }
    ]
    path = f"contracts/{world.contract.id}/evidence"
    assert len(api.get(path).json()["results"]) == 3
    assert [one["source"] for one in api.get(path, {"fulfilled": "false"}).json()["results"]] == ["s:0"]
    assert len(api.get(path, {"since": "2026-06-02", "until": "2026-06-03"}).json()["results"]) == 1


def test_contracts_can_be_narrowed(world):
    with tenant_active(world.tenant):
        a_contract(world.dealer, world.member, code="C-2")
    api = world.api(world.maker)

    def codes(**query):
        return [one["code"] for one in api.get("contracts", query).json()["results"]]

    assert codes() == ["C-2", "C-1"]
    assert codes(on="2026-06-01") == ["C-2"]
    assert codes(state="submitted") == ["C-1"]
    assert codes(member=str(world.stranger.id)) == []


def test_a_longer_list_takes_no_more_statements(world):
    api, taken = world.api(world.maker), []
    api.get("contracts")
    for more in (4, 40):
        with tenant_active(world.tenant):
            for _one in range(more):
                a_contract(world.dealer, world.member)
        with CaptureQueriesContext(connection) as statements:
            api.get("contracts")
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 10
