"""Duties, KPIs, plans and objectives by the API, each for its own party."""

from datetime import date
from decimal import Decimal

import pytest

from alliance.models import Duty, Kpi, PlanActual, Responsibility
from alliance.operations.duty_round import create_duties
from alliance.operations.kpi_months import KpiFigure, measure_kpis
from tenancy.context import tenant_active
from tests.alliance.plan_world import a_plan, objective
from tests.api_client import ApiClient
from tests.factories import a_contract, a_manufacturer, a_party, an_actor, in_force

pytestmark = pytest.mark.django_db


class World:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.maker = a_manufacturer()
            self.dealer = a_party("dealer", parent=self.maker)
            self.member = a_party("member", parent=self.dealer)
            self.stranger = a_party("dealer", parent=self.maker)
            self.contract = a_contract(self.dealer, self.member, state="draft")
            for role in ("manufacturer", "dealer"):
                Responsibility.objects.create(
                    contract=self.contract, link="coverage", role=role, duty="d", owner_role="owner"
                )
            Kpi.objects.create(contract=self.contract, metric="purchases", target=100, weight=1)
            in_force(self.contract)
            create_duties(on=date(2026, 6, 10))
            self.duty = Duty.objects.filter(party=self.dealer).latest("due_on")
            figures = [KpiFigure(self.contract.id, "purchases", Decimal(60))]
            measure_kpis(month=date(2026, 5, 1), figures=figures)
            director = an_actor(self.maker)
            self.plan = a_plan(director)
            self.objective = objective(self.plan, self.dealer, director)
            PlanActual.objects.create(target=self.objective.target, month=date(2026, 5, 1), actual=9)

    def api(self, party, role=None):
        return ApiClient(self.tenant, party, role or "owner")


@pytest.fixture
def world(acme):
    return World(acme)


def test_a_partner_reads_its_duties_and_reports_one(world):
    api, path = world.api(world.dealer), f"duties/{world.duty.id}/evidence"
    found = api.get("duties").json()["results"]
    assert {one["party"] for one in found} == {str(world.dealer.id)}
    body = {"source": "E-1", "note": "done"}
    first = api.post(path, body)
    assert first.status_code == 201
    assert api.post(path, body).json()["id"] == first.json()["id"]
    assert api.post(path, body | {"note": "other"}).status_code == 409
    fulfilled = api.get("duties?state=fulfilled").json()["results"]
    assert [one["id"] for one in fulfilled] == [str(world.duty.id)]
    assert fulfilled[0]["evidence"][0]["note"] == "done"
    assert world.api(world.stranger).post(path, body).status_code == 404


def test_responsibilities_and_kpis_of_a_contract(world):
    path = f"contracts/{world.contract.id}"
    found = world.api(world.dealer).get(f"{path}/responsibilities").json()
    assert {one["role"]: bool(one["state"]) for one in found} == {"manufacturer": False, "dealer": True}
    [month] = world.api(world.dealer).get(f"{path}/kpis").json()
    assert (month["month"], month["score"], month["purchases_weight"]) == ("2026-05-01", "60.0", "1.0000")
    assert world.api(world.stranger).get(f"{path}/kpis").status_code == 404


def test_a_dealer_reads_its_objective_and_answers_it(world):
    api, path = world.api(world.dealer), f"objectives/{world.objective.id}"
    [found] = api.get("objectives").json()["results"]
    assert (found["amount"], found["state"]) == ("1200.00", "open")
    asked = api.post(f"{path}/counter-proposal", {"amount": "900.00", "reason": "closed"})
    assert asked.json()["counter_amount"] == "900.00"
    assert api.post(f"{path}/agreement", {"amount": "1.00"}).status_code == 409
    assert api.post(f"{path}/agreement", {"amount": "1200.00"}).json()["state"] == "agreed"
    other = world.api(world.stranger)
    assert other.get("objectives").json()["results"] == []
    assert other.post(f"{path}/agreement", {"amount": "1200.00"}).status_code == 404


def test_the_manufacturer_reads_targets_and_a_dealer_only_the_plan(world):
    plan = world.plan.id
    found = world.api(world.maker, "director").get(f"plans/{plan}").json()
    assert sorted(one["metric"] for one in found["targets"]) == ["outlets", "volume"]
    assert world.api(world.dealer).get(f"plans/{plan}").json()["targets"] == []
    assert len(world.api(world.dealer).get("plans").json()["results"]) == 1
    assert world.api(world.stranger).get(f"plans/{plan}").status_code == 404
