"""The channel plan on screen: drafted in a grid or from a sheet, handed down, answered, followed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from alliance.models import ChannelPlan, PlanActual, PlanObjective, PlanTarget
from catalogue.models import Portfolio
from dealers.models import Party
from tenancy.context import tenant_active
from tests.alliance.plan_world import a_plan, objective
from tests.alliance.web.world import TODAY, AllianceWorld, alliance_world
from tests.factories import a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
COLUMNS = ("region", "metric", "channel", "category", "portfolio", "annual", "months")


@pytest.fixture
def world() -> AllianceWorld:
    found = alliance_world()
    with tenant_active(found.tenant):
        User.objects.update(language="en")
        Party.objects.filter(id=found.dealer.id).update(region_id="441302")
    return found


def a_stored_plan(world: AllianceWorld) -> ChannelPlan:
    with tenant_active(world.tenant):
        return a_plan(an_actor(world.maker), year=TODAY.year)


def grid(*rows: tuple[str, ...], **more: Any) -> dict[str, Any]:
    columns = zip(*rows, strict=True)
    return {f"target-{name}": list(cells) for name, cells in zip(COLUMNS, columns, strict=True)} | more


def test_a_plan_is_drafted_with_its_targets(world: AllianceWorld) -> None:
    client = world.client(world.director)
    assert "No channel plan yet" in client.get("/plans").content.decode()
    form = {"once": "a", "code": "P-1", "name": "Plan one", "year": "26"}
    assert client.post("/plans/new", form).status_code == 422
    made = client.post("/plans/new", form | {"once": "b", "year": str(TODAY.year)})
    with tenant_active(world.tenant):
        plan = ChannelPlan.objects.get()
    assert made.headers["Location"] == f"/plans/{plan.id}/targets"
    assert client.post("/plans/new", form | {"once": "c", "year": "2026"}).status_code == 422
    address = f"/plans/{plan.id}/targets"
    wrong = grid(("Atlantis", "", "", "", "", "12x", ""), once="d")
    page = client.post(address, wrong)
    assert page.status_code == 422
    assert "Atlantis" in page.content.decode()
    months = " ".join(["1"] * 12)
    right = grid(
        ("广东省", "volume", "", "", "", "1,200", ""), ("44", "outlets", "", "", "", "1", months), once="e"
    )
    assert client.post(address, right).headers["Location"] == f"/plans/{plan.id}"
    refused = grid(("44", "volume", "", "", "", "13", months), once="f")
    assert "do not add up" in client.post(address, refused).content.decode()
    more = client.post(address, grid(("44", "volume", "", "", "", "13", ""), once="g", more="rows"))
    assert more.status_code == 200
    with tenant_active(world.tenant):
        assert PlanTarget.objects.count() == 2


def test_a_sheet_is_read_by_its_headings(world: AllianceWorld) -> None:
    plan, client = a_stored_plan(world), world.client(world.director)
    with tenant_active(world.tenant):
        Portfolio.objects.create(code="core", name="核心组合")
    address = f"/plans/{plan.id}/targets"

    def upload(text: str, once: str) -> Any:
        file = SimpleUploadedFile("targets.csv", text.encode())
        return client.post(address, {"once": once, "file": file})

    assert "No headings" in upload("a,b\n1,2\n", "a").content.decode()
    assert upload("\x00\x01", "b").status_code == 422
    sheet = "年度目标,指标,区域,组合,1月\n240,销量,广东省,,240\n6,组合动销,广东省,核心组合,6\n"
    assert upload(sheet, "c").headers["Location"] == f"/plans/{plan.id}"
    with tenant_active(world.tenant):
        found = {one.metric: one for one in PlanTarget.objects.filter(plan=plan)}
    assert found["volume"].months[:2] == [240, 0]
    assert found["portfolio"].annual == 6


def test_objectives_are_given_divided_evenly_and_handed_down(world: AllianceWorld) -> None:
    plan, client = a_stored_plan(world), world.client(world.director)
    with tenant_active(world.tenant):
        target = PlanTarget.objects.get(metric="volume")
    address = f"/plans/targets/{target.id}"
    assert 'value="1200"' in client.get(f"{address}?suggest=even").content.decode()
    name = f"amount-{world.dealer.code}"
    assert client.post(address, {"once": "a", name: "a lot"}).status_code == 422
    assert client.post(address, {"once": "b", name: "1000"}).status_code == 302
    page = client.get(f"/plans/{plan.id}").content.decode()
    assert "not handed down" in page
    client.post(f"/plans/{plan.id}/hand-down", {"once": "c"})
    with tenant_active(world.tenant):
        plan.refresh_from_db()
        assert plan.state == "handed_down"
    assert client.get(f"/plans/{plan.id}/targets").status_code == 302
    client.post(f"/plans/{plan.id}/activate", {"once": "d", "gap_reason": "later"})
    assert client.get(f"/plans/{plan.id}").status_code == 200
    with tenant_active(world.tenant):
        plan.refresh_from_db()
        assert plan.state == "handed_down"


def test_a_dealer_asks_for_another_the_maker_grants_it_and_it_hands_on(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        given = objective(a_plan(an_actor(world.maker), year=TODAY.year), world.dealer, an_actor(world.maker))
        PlanActual.objects.create(target=given.target, month=TODAY.replace(month=1, day=1), actual=7)
        stranger = a_membership(a_party("dealer", parent=world.maker))
    dealer, director = world.client(world.dealer_owner), world.client(world.director)
    address = f"/objectives/{given.id}"
    assert "Agree to" in dealer.get(address).content.decode()
    assert world.client(stranger).get(address).status_code == 404
    asked = {"once": "a", "amount": "900", "reason": ""}
    assert dealer.post(f"{address}/counter", asked).status_code == 422
    assert dealer.post(f"{address}/counter", asked | {"once": "b", "reason": "closed"}).status_code == 302
    assert "closed" in director.get(address).content.decode()
    assert director.post(f"{address}/revise", {"once": "c", "amount": "x"}).status_code == 422
    director.post(f"{address}/revise", {"once": "d", "amount": "950"})
    dealer.post(f"{address}/agree", {"once": "e", "amount": "950.00"})
    with tenant_active(world.tenant):
        given.refresh_from_db()
        assert (given.state, given.amount) == ("agreed", 950)
    parts = f"{address}/parts"
    assert 'value="950"' in dealer.get(f"{parts}?suggest=even").content.decode()
    name = f"amount-{world.member.code}"
    assert dealer.post(parts, {"once": "f", name: "?"}).status_code == 422
    dealer.post(parts, {"once": "g", name: "400"})
    with tenant_active(world.tenant):
        mine = PlanObjective.objects.get(party=world.member)
    assert world.member.name in dealer.get(address).content.decode()
    member = world.client(world.member_owner)
    member.post(f"/objectives/{mine.id}/agree", {"once": "h", "amount": "400"})
    with tenant_active(world.tenant):
        mine.refresh_from_db()
        assert (mine.state, mine.amount) == ("agreed", Decimal(400))
    assert member.get("/objectives").status_code == 200
    assert member.get("/plans").status_code == 403
    assert director.get(f"/plans/targets/{given.target_id}").status_code == 200
    with tenant_active(world.tenant):
        plan = ChannelPlan.objects.get()
    assert director.get(f"/plans/{plan.id}").status_code == 200
