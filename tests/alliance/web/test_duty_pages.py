"""Duties and KPIs on screen: who sees which, what is reported, and what the score says."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rights import Actor
from alliance.models import Contract, Duty, Kpi, KpiMonth, Responsibility
from alliance.operations.duty_round import create_duties
from alliance.operations.kpi_months import KpiFigure, measure_kpis
from portal.queries.combined_query import together
from portal.queries.duties import duty_todos, open_duties
from tenancy.context import tenant_active
from tests.alliance.web.world import TODAY, AllianceWorld, alliance_world
from tests.factories import a_contract, a_party, in_force
from tests.people import a_membership

pytestmark = pytest.mark.django_db
MAX_STATEMENTS = 15


@pytest.fixture
def world() -> AllianceWorld:
    found = alliance_world()
    User.objects.update(language="en")
    return found


@pytest.fixture
def contract(world: AllianceWorld) -> Contract:
    with tenant_active(world.tenant):
        made = a_contract(
            world.dealer,
            world.member,
            code="C-0500",
            starts_on=date(TODAY.year - 1, 1, 1),
            until=date(TODAY.year + 2, 1, 1),
            state="draft",
        )
        for role, duty in (
            ("manufacturer", "Supply material"),
            ("dealer", "Visit outlets"),
            ("member", "Order"),
        ):
            proof = "order" if role == "member" else "document"
            owner = "director" if role == "manufacturer" else "owner"
            Responsibility.objects.create(
                contract=made, link="coverage", role=role, duty=duty, owner_role=owner, proof=proof
            )
        for metric, weight in (("purchases", "0.4"), ("visits", "0.6")):
            Kpi.objects.create(contract=made, metric=metric, target=100, weight=weight)
        in_force(made)
        create_duties(on=TODAY)
    return made


def duty_of(world: AllianceWorld, role: str) -> Duty:
    with tenant_active(world.tenant):
        return Duty.objects.filter(responsibility__role=role).order_by("-due_on")[0]


def test_each_side_finds_its_own_duties_and_reports_them(world: AllianceWorld, contract: Contract) -> None:
    client, duty = world.client(world.dealer_owner), duty_of(world, "dealer")
    page = client.get("/duties").content.decode()
    assert "Visit outlets" in page
    assert "Supply material" not in page
    assert client.get(f"/duties/{duty_of(world, 'manufacturer').id}").status_code == 404
    address = f"/duties/{duty.id}"
    assert client.post(address, {"once": "a", "note": ""}).status_code == 422
    sent = client.post(address, {"once": "b", "note": "12 outlets", "reference": "R-7"})
    assert sent.headers["Location"] == address
    page = client.get(address).content.decode()
    assert "12 outlets" in page
    assert "R-7" in page
    with tenant_active(world.tenant):
        duty.refresh_from_db()
    assert duty.fulfilled_at is not None


def test_orders_are_not_reported_by_hand_and_strangers_see_nothing(
    world: AllianceWorld, contract: Contract
) -> None:
    duty = duty_of(world, "member")
    page = world.client(world.member_owner).get(f"/duties/{duty.id}").content.decode()
    assert "fulfils it by itself" in page
    assert "Report that it was done" not in page
    with tenant_active(world.tenant):
        stranger = a_membership(a_party("dealer", parent=world.maker))
    client = world.client(stranger)
    assert client.get(f"/duties/{duty.id}").status_code == 404
    for page in ("duties", "kpis"):
        assert client.get(f"/contracts/{contract.id}/{page}").status_code == 404


def test_the_matrix_has_the_states_of_what_one_may_see(world: AllianceWorld, contract: Contract) -> None:
    address = f"/contracts/{contract.id}/duties"
    page = world.client(world.director).get(address).content.decode()
    with tenant_active(world.tenant):
        duties = list(Duty.objects.filter(contract=contract, due_on__gte=TODAY))
    for duty in duties:
        assert f"/duties/{duty.id}" in page
    own = world.client(world.dealer_owner).get(address).content.decode()
    assert "Supply material" in own
    assert f"/duties/{duty_of(world, 'manufacturer').id}" not in own


def test_the_list_narrows_by_state_side_region_and_month(world: AllianceWorld, contract: Contract) -> None:
    client = world.client(world.director)
    for query, expected in (
        ("side=dealer", True),
        ("side=member", False),
        ("mine=true", False),
        ("mine=false", True),
        ("region=nowhere", False),
        ("region=11", False),
        ("month=nonsense", False),
        (f"month={TODAY:%Y-%m}", True),
        ("state=fulfilled", False),
        (f"party={world.member.id}", True),
        ("q=C-0500", True),
        ("q=unknown", False),
        (f"contract={contract.id}", True),
    ):
        page = client.get(f"/duties?{query}").content.decode()
        assert ("Visit outlets" in page) is expected, query


def test_kpis_show_the_score_and_take_what_nothing_measures(world: AllianceWorld, contract: Contract) -> None:
    month = TODAY.replace(day=1)
    with tenant_active(world.tenant):
        measure_kpis(month=month, figures=[KpiFigure(contract.id, "purchases", Decimal(50))])
        visits = Kpi.objects.get(metric="visits")
    client, address = world.client(world.director), f"/contracts/{contract.id}/kpis?month={month:%Y-%m}"
    page = client.get(address).content.decode()
    assert "50.0" in page
    assert "not measured" in page
    form = {"once": "a", "kpi": str(visits.id), "actual": "1,00", "note": "sheets"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"once": "b", "actual": "100"}).status_code == 302
    assert "80.0" in client.get(address).content.decode()
    with tenant_active(world.tenant):
        assert KpiMonth.objects.get(kpi=visits).actual == 100
    own = world.client(world.dealer_owner).get(address).content.decode()
    assert "Enter a result" not in own


def test_an_empty_contract_says_so(world: AllianceWorld) -> None:
    contract = world.active()
    client = world.client(world.director)
    assert "No responsibilities yet" in client.get(f"/contracts/{contract.id}/duties").content.decode()
    assert "No KPIs yet" in client.get(f"/contracts/{contract.id}/kpis").content.decode()


def test_pages_take_few_statements(world: AllianceWorld, contract: Contract) -> None:
    client = world.client(world.director)
    duty = duty_of(world, "manufacturer")
    for page in (
        "/duties",
        f"/duties/{duty.id}",
        f"/contracts/{contract.id}/duties",
        "/plans",
        "/objectives",
    ):
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(page).status_code == 200
        assert len(captured) <= MAX_STATEMENTS, (page, len(captured))


def test_what_is_due_is_a_to_do_of_the_home(world: AllianceWorld, contract: Contract) -> None:
    with tenant_active(world.tenant):
        create_duties(on=TODAY)
        Duty.objects.filter(due_on__gte=TODAY).update(due_on=TODAY)
    for person in (world.director, world.dealer_owner, world.member_owner):
        page = world.client(person).get("/", follow=True).content.decode()
        assert re.search(r"dut(y is|ies are) to be done", page)


def test_to_dos_of_duties_have_their_own_first_day(world: AllianceWorld, contract: Contract) -> None:
    with tenant_active(world.tenant):
        create_duties(on=TODAY)
        own = Duty.objects.filter(responsibility__role="dealer").order_by("due_on")
        own.filter(due_on__lt=TODAY).update(due_on=TODAY - timedelta(days=2))
        own.filter(due_on__gte=TODAY).update(due_on=TODAY + timedelta(days=3))
        owner = world.dealer_owner
        actor = Actor(owner.party_id, owner.party_kind, owner.role, owner.user_id)
        todos = list(duty_todos(actor, together(duties=open_duties(actor, today=TODAY))["duties"]))
    assert [(one.count, one.due) for one in todos[:2]] == [
        (1, TODAY - timedelta(days=2)),
        (1, TODAY + timedelta(days=3)),
    ]
