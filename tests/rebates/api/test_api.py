from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from accounts.rights import the_system
from audit.queries import trail
from dealers.models import MonthInput
from dealers.operations.tiering import UUID, tier_range
from integrations.authentication import new_key
from integrations.models import ApiKey
from jobs.models import Job
from jobs.operations.jobs import run_job
from rebates.models import Statement
from rebates.operations.settlement_requests import request_settlement
from tenancy.context import tenant_active
from tests import factories as make
from tests.people import a_membership

YEAR_END = datetime(2027, 1, 2, tzinfo=UTC)
SCOPES = ["rebate.view", "rebate.settle", "tier.view", "job.view", "job.run", "approval.view"]
pytestmark = pytest.mark.django_db


class Api:
    """A client with a key of a party in a role."""

    def __init__(self, tenant, party, role, issuer=None):
        key, key_hash = new_key()
        with tenant_active(tenant):
            ApiKey.objects.create(
                name="k",
                key_hash=key_hash,
                scopes=SCOPES,
                party=party,
                party_kind=party.kind,
                role=role,
                is_platforms=issuer is None,
                issued_by=issuer,
            )
        self.client, self.headers, self.writes = Client(), {"Authorization": f"Bearer {key}"}, 0

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path, body=None):
        self.writes += 1
        headers = {**self.headers, "Idempotency-Key": str(self.writes)}
        return self.client.post(
            f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
        )


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def _settled(acme, world):
    with tenant_active(acme):
        system = the_system()
        job = request_settlement(program=world["program"], starts_on=date(2026, 1, 1), by=system, at=YEAR_END)
    run_job(tenant_id=acme.id, job_id=job.id)


def test_what_all_buyers_earned_together_is_for_the_seller_to_see(acme, world):
    _settled(acme, world)
    buyer = Api(acme, world["dealer"], "owner").get("settlements").json()["results"]
    seller = Api(acme, world["seller"], "director").get("settlements").json()["results"]
    assert [(one["parties"], one["due"], one["job"]) for one in buyer] == [(None, None, None)]
    assert [one["parties"] for one in seller] == [2]
    assert seller[0]["job"]


@pytest.fixture
def world(acme):
    with tenant_active(acme):
        seller, soy = make.a_manufacturer(), make.a_product()
        dealer, other = make.a_party(), make.a_party()
        for buyer in (dealer, other):
            make.a_fact(seller, buyer, soy, date(2026, 1, 5))
        program = make.a_program(seller, [(0, "0.10")], soy, until=date(2026, 4, 1))
    return {"seller": seller, "dealer": dealer, "other": other, "program": program}


@pytest.fixture
def settled(acme, world):
    with tenant_active(acme):
        program = world["program"]
        job = request_settlement(program=program, starts_on=program.starts_on, by=the_system(), at=YEAR_END)
    assert run_job(tenant_id=acme.id, job_id=job.id) == "done"
    return world


@pytest.fixture
def two_keys(acme, world):
    """Keys that two directors issued."""
    with tenant_active(acme):
        issuers = [a_membership(world["seller"]).user for _one in "12"]
    return [Api(acme, world["seller"], "finance", issuer) for issuer in issuers]


def test_finance_asks_for_a_settlement_and_gets_the_job_that_does_it(acme, world, two_keys):
    api, other = two_keys
    body = {"program": str(world["program"].id), "starts_on": "2026-01-01"}
    waiting = api.post("settlements", body)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "pending")
    assert api.get("settlements").json()["results"] == []
    approval = f"approvals/{waiting.json()['id']}"
    refused = api.post(f"{approval}/approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    assert other.get("approvals", state="pending").json()["results"] == [waiting.json()]
    assert other.post(f"{approval}/approve").json()["state"] == "approved"
    assert other.post(f"{approval}/approve").status_code == 201
    assert other.post(f"{approval}/reject", {"reason": "late"}).json()["code"] == "wrong_state"
    first, again = api.post("settlements", body), api.post("settlements", body)
    assert first.status_code == again.status_code == 201
    assert first.json()["kind"] == "rebates.settle"
    assert first.json()["id"] == again.json()["id"]
    assert api.get("settlements").json()["results"][0]["settled_at"] is None
    assert api.get(f"jobs/{first.json()['id']}").json()["state"] == "queued"


def test_a_key_rejects_with_a_reason(acme, world, two_keys):
    api, other = two_keys
    body = {"program": str(world["program"].id), "starts_on": "2026-01-01"}
    approval = f"approvals/{api.post('settlements', body).json()['id']}"
    assert other.post(f"{approval}/reject").status_code == 400
    answer = other.post(f"{approval}/reject", {"reason": "wrong month"}).json()
    assert (answer["state"], answer["reason"]) == ("rejected", "wrong month")
    assert Api(acme, world["dealer"], "owner").get(approval).status_code == 403


def test_a_key_of_nobody_asks_for_no_settlement(acme, world):
    body = {"program": str(world["program"].id), "starts_on": "2026-01-01"}
    answer = Api(acme, world["seller"], "finance").post("settlements", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_job_is_stopped_and_resumed(acme, world, two_keys):
    api, other = two_keys
    body = {"program": str(world["program"].id), "starts_on": "2026-01-01"}
    other.post(f"approvals/{api.post('settlements', body).json()['id']}/approve")
    job = api.post("settlements", body).json()["id"]
    assert api.post(f"jobs/{job}/stop").json()["state"] in ("stopping", "stopped")
    with tenant_active(acme):
        Job.objects.filter(id=job).update(state="stopped")
    assert api.post(f"jobs/{job}/resume").json()["state"] == "queued"
    assert api.post(f"jobs/{job}/resume").json()["code"] == "job_ended"
    with tenant_active(acme):
        entries = [(one.action, one.actor == "API: k") for one in trail((Job, job))]
    assert entries == [("settlement.request", False), ("job.stop", True), ("job.resume", True)]
    assert [one["id"] for one in api.get("jobs", kind="rebates.settle").json()["results"]] == [job]


def test_what_is_not_due_is_refused_with_its_field(acme, world):
    api = Api(acme, world["seller"], "finance")
    body = {"program": str(world["program"].id), "starts_on": "2026-02-01"}
    answer = api.post("settlements", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_due")
    assert answer.json()["field"] == "starts_on"


def test_a_program_of_another_tenant_is_not_there(acme, bolt, world):
    with tenant_active(bolt):
        stranger = make.a_manufacturer()
    api = Api(bolt, stranger, "finance")
    body = {"program": str(world["program"].id), "starts_on": "2026-01-01"}
    assert api.post("settlements", body).status_code == 404
    assert api.get(f"programs/{world['program'].id}").status_code == 404


def test_a_dealer_sees_its_own_statements_with_the_reasons_and_no_others(acme, settled):
    api = Api(acme, settled["dealer"], "owner")
    (own,) = api.get("statements").json()["results"]
    assert (own["party"], own["due"]) == (str(settled["dealer"].id), "10.00")
    told = api.get(f"statements/{own['id']}").json()
    assert told["why"]["parts"] == [["0", "100.00", "0.10"]]
    assert told["terms"]["method"] == "retroactive"
    with tenant_active(acme):
        others = Statement.objects.get(party=settled["other"])
    assert api.get(f"statements/{others.id}").status_code == 404
    assert api.get(f"statements/{others.id}/deliveries").status_code == 404
    assert api.get("programs").json()["results"][0]["products"] != []
    assert api.post("settlements", {}).status_code == 403
    assert api.get("jobs").status_code == 403


def test_the_manufacturer_filters_statements(acme, settled):
    api = Api(acme, settled["seller"], "finance")
    assert len(api.get("statements").json()["results"]) == 2
    found = api.get("statements", party=str(settled["other"].id)).json()["results"]
    assert [one["party"] for one in found] == [str(settled["other"].id)]


def test_scorecards_are_seen_by_the_party_and_by_who_supplies_it(acme, world):
    with tenant_active(acme):
        make.a_tier("base", 0)
        member = make.a_party("member", parent=world["dealer"])
        for party in (member, world["dealer"], world["other"]):
            MonthInput.objects.create(
                party=party,
                month=date(2026, 3, 1),
                scale=50,
                expertise=50,
                coverage=50,
                growth=50,
                collaboration=50,
            )
        tier_range(month=date(2026, 3, 1), after=UUID(int=0), limit=10)
    dealer, small = Api(acme, world["dealer"], "owner"), Api(acme, member, "owner")
    mine = {one["party"] for one in dealer.get("scorecards").json()["results"]}
    assert mine == {str(world["dealer"].id), str(member.id)}
    (card,) = small.get("scorecards").json()["results"]
    assert (card["party"], Decimal(card["score"]), card["tier"]) == (str(member.id), 50, "base")
    assert small.get("scorecards", party=str(world["dealer"].id)).json()["results"] == []
    assert small.get(f"scorecards/{card['id']}").json()["reasons"]["bar"] == "0.00"
    assert len(Api(acme, world["seller"], "finance").get("scorecards").json()["results"]) == 3


def test_lists_take_a_constant_number_of_statements(acme, settled, django_assert_max_num_queries):
    api = Api(acme, settled["seller"], "finance")
    for path in ("programs", "settlements", "statements", "scorecards", "jobs"):
        with django_assert_max_num_queries(15):
            assert api.get(path).status_code == 200
