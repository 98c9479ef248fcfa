"""The form takes every term, finds by name, checks live; templates, proposals and reviews have pages."""

from typing import Any

import pytest

from alliance.models import Contract, ContractTemplate, WordingReview
from alliance.operations.contract_text import text_of
from catalogue.models import Portfolio
from catalogue.operations.products import reindex_products
from dealers.models import Channel
from dealers.operations.parties import reindex_parties
from tenancy.context import tenant_active
from tests.alliance.web.test_drafting_pages import typed
from tests.alliance.web.world import AllianceWorld, alliance_world
from tests.scene import text_of as words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> AllianceWorld:
    found = alliance_world()
    for one in (found.director, found.dealer_owner, found.member_owner):
        one.user.language = "en"
        one.user.save()
    with tenant_active(found.tenant):
        Channel.objects.create(code="food", name="餐饮")
        Portfolio.objects.create(code="small", name="小店组合")
    return found


def everything(world: AllianceWorld, **changes: Any) -> dict[str, Any]:
    more = {
        "area-channel": ["food", ""],
        "spread-guaranteed": ["", ""],
        "spread-percent": ["10", ""],
        "guarantee-metric": ["visits", "exclusive"],
        "guarantee-target": ["4", ""],
        "guarantee-owed_per_event": ["50", "200"],
        "guarantee-monthly_cap": ["", "1000"],
        "guarantee-window": ["", ""],
        "share_spread": "40",
        "duty-link": ["planning"],
        "duty-role": ["dealer"],
        "duty-is_lead": ["yes"],
        "duty-duty": ["Plan the year"],
        "duty-owner_role": ["owner"],
        "kpi-metric": ["purchases", "outlets"],
        "kpi-target": ["20,000", "30"],
        "kpi-weight": ["40%", "60"],
        "portfolio-portfolio": ["small"],
        "clause-heading": ["Court"],
        "clause-body": ["In Huizhou."],
        "notice_days": "45",
        "security_deposit": "5000",
    }
    return typed(world) | more | changes


def drafted(world: AllianceWorld, **changes: Any) -> Contract:
    answer = world.client(world.director).post("/contracts/new", everything(world, **changes))
    assert answer.status_code == 302
    with tenant_active(world.tenant):
        return Contract.objects.get(code="C-9")


def test_the_form_takes_every_term(world: AllianceWorld) -> None:
    draft = drafted(world)
    with tenant_active(world.tenant):
        text = text_of(draft)
    assert text["areas"][0]["channel"] == "food"
    assert text["spreads"][0]["guaranteed"] == "9.2000"
    assert [one["clause"] for one in text["guarantees"]] == ["2.2", "4.2"]
    assert [one["share"] for one in text["shares"] if one["kind"] == "spread"] == ["0.4000", "0.6000"]
    assert text["responsibilities"][0]["duty"] == "Plan the year"
    assert [one["weight"] for one in text["kpis"]] == ["0.4000", "0.6000"]
    assert text["portfolios"][0]["portfolio"] == "small"
    assert text["clauses"][0]["clause"] == "9.1"
    assert text["rules"]["notice_days"] == 45


def test_a_stored_draft_is_saved_again_without_a_change(world: AllianceWorld) -> None:
    draft = drafted(world)
    client = world.client(world.director)
    form = client.get(f"/contracts/{draft.id}/edit").context["typed"]
    data: dict[str, Any] = dict(form.values)
    with tenant_active(world.tenant):
        sections = form.sections()
    for group, rows in sections:
        for at, column in enumerate(group.columns):
            data[f"{group.prefix}-{column.name}"] = [row[at].value for row in rows]
    with tenant_active(world.tenant):
        before = text_of(draft)
    assert client.post(f"/contracts/{draft.id}/edit", data).status_code == 302
    with tenant_active(world.tenant):
        assert text_of(Contract.objects.get(id=draft.id)) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kpi-weight": ["40", "50"]}, "sum to 90"),
        ({"kpi-metric": ["", "outlets"]}, "Choose one."),
        ({"share_spread": "140"}, "from 0 to 100"),
        ({"guarantee-target": ["", ""]}, "needs a target"),
        ({"guarantee-target": ["four", ""]}, "Give an amount"),
        ({"guarantee-months_of_income": ["x", ""]}, "“x” is no"),
        ({"duty-is_lead": [""]}, "exactly one side that leads"),
        ({"clause-heading": [""]}, "Write a heading"),
        ({"notice_days": "soon"}, "“soon” is no"),
        ({"member": "Nobody"}, "There is no party"),
    ],
)
def test_what_is_wrong_is_named(world: AllianceWorld, changes: dict[str, Any], said: str) -> None:
    answer = world.client(world.director).post("/contracts/new", everything(world, **changes))
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


def test_parties_regions_and_products_are_found_by_name(world: AllianceWorld) -> None:
    named = {
        "member": f"{world.member.name} ({world.member.code})",
        "area-region": ["惠州市惠城区 (441302)", ""],
        "spread-sku": [f"{world.product.name} ({world.product.sku})", ""],
    }
    drafted(world, **named)
    with tenant_active(world.tenant):
        reindex_parties()
        reindex_products()
    client = world.client(world.director)
    for query in (
        f"kind=member&name=member&member={world.member.name[:2]}",
        "kind=region&name=area-region&area-region=惠城",
        f"kind=product&name=spread-sku&spread-sku={world.product.sku}",
    ):
        assert "data-picked" in client.get(f"/contracts/find?{query}").content.decode()
    for query in ("kind=member&name=member&member=", "kind=nothing&name=x&x=y"):
        assert "data-picked" not in client.get(f"/contracts/find?{query}").content.decode()


def test_the_check_says_what_is_missing_and_saves_nothing(world: AllianceWorld) -> None:
    client = world.client(world.director)
    page = words_of(client.post("/contracts/check", typed(world, starts_on="2020-01-01")))
    assert "begins in the past" in page
    assert "No KPI is agreed" in page
    assert "No side has a duty in" in page
    bad = everything(world, **{"clause-body": ["不得低于统一零售价销售"], "kpi-weight": ["60", "40"]})
    page = words_of(client.post("/contracts/check", bad))
    assert "fixes a resale price" in page
    assert "more than half" in page
    assert client.post("/contracts/check", {}).status_code == 200
    with tenant_active(world.tenant):
        assert not Contract.objects.exists()


def test_a_contract_is_read_clause_by_clause(world: AllianceWorld) -> None:
    draft = drafted(world)
    client = world.client(world.director)
    for page in (f"/contracts/{draft.id}", f"/contracts/{draft.id}/text"):
        words = words_of(client.get(page))
        for said in ("4 visits a month", "9.1", "Court", "weight 40%", "小店组合", "Plan the year"):
            assert said in words
    assert "1,000.00 are owed, the cap of the month" in words_of(client.get(f"/contracts/{draft.id}"))


def test_a_flagged_clause_is_reviewed_by_a_named_person(world: AllianceWorld) -> None:
    draft = drafted(world, **{"clause-body": ["不得低于统一零售价销售"]})
    client = world.client(world.director)
    assert "may fix a resale price" in words_of(client.get(f"/contracts/{draft.id}"))
    client.post(f"/contracts/{draft.id}/submit")
    given = {"number": "9.1", "reason": "It quotes the law"}
    client.post(f"/contracts/{draft.id}/wording", given)
    with tenant_active(world.tenant):
        assert Contract.objects.get().state == "draft"
        assert WordingReview.objects.get().user_id == world.director.user_id
    client.post(f"/contracts/{draft.id}/submit")
    with tenant_active(world.tenant):
        assert Contract.objects.get().state == "submitted"


def test_a_template_begins_a_contract(world: AllianceWorld) -> None:
    draft = drafted(world)
    client = world.client(world.director)
    assert client.get(f"/contracts/{draft.id}/template").status_code == 200
    assert client.post(f"/contracts/{draft.id}/template", {"name": " "}).status_code == 422
    assert client.post(f"/contracts/{draft.id}/template", {"name": "Small shops"}).status_code == 302
    page = client.get("/contracts/templates")
    assert "Small shops" in words_of(page)
    with tenant_active(world.tenant):
        made = ContractTemplate.objects.get()
    form = client.get(f"/contracts/new?template={made.id}").content.decode()
    assert "Plan the year" in form
    assert "In Huizhou." in form
    assert client.get("/contracts/new?template=nonsense").status_code == 200
    client.post(f"/contracts/templates/{made.id}/delete")
    assert "No template yet" in words_of(client.get("/contracts/templates"))


def test_a_dealer_proposes_and_the_manufacturer_takes_over(world: AllianceWorld) -> None:
    dealer = world.client(world.dealer_owner)
    assert "Propose a contract" in words_of(dealer.get("/contracts"))
    assert dealer.get("/contracts/new").status_code == 200
    assert dealer.post("/contracts/new", everything(world)).status_code == 302
    with tenant_active(world.tenant):
        draft = Contract.objects.get()
    assert draft.proposed_by_id == world.dealer.id
    assert dealer.get(f"/contracts/{draft.id}/edit").status_code == 200
    client = world.client(world.director)
    assert "Take over the proposal" in words_of(client.get(f"/contracts/{draft.id}"))
    client.post(f"/contracts/{draft.id}/take-over")
    assert "Take over the proposal" not in words_of(client.get(f"/contracts/{draft.id}"))
    assert "Change the draft" not in words_of(dealer.get(f"/contracts/{draft.id}"))
    assert world.client(world.member_owner).get("/contracts/new").status_code == 403
