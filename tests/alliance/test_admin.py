from datetime import date

import pytest

from alliance.models import Contract, ContractArea, SpreadTerm
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from alliance.operations.signing import sign_contract
from tenancy.context import tenant_active
from tests.alliance.world import HUIZHOU, NOW
from tests.approving import approve_on_screen
from tests.factories import a_category, a_contract, a_manufacturer, a_party, a_product, an_actor
from tests.people import a_member_of, a_membership, a_user, signed_in

pytestmark = pytest.mark.django_db
PATH = "/admin/alliance/contract/"


@pytest.fixture
def world(acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        dealer = a_party("dealer", parent=maker)
        member = a_party("member", parent=dealer)
        return maker, dealer, member, a_category("soy"), a_product("SOY")


@pytest.fixture
def director(acme, world):
    return signed_in(a_member_of(acme, user=a_user(language="en")))


def a_form(world, **values):
    maker, dealer, member, category, product = world
    return {
        "code": "C-1",
        "manufacturer": str(maker.id),
        "dealer": str(dealer.id),
        "member": str(member.id),
        "starts_on": "2026-01-01",
        "until": "2027-01-01",
        "delivery_hours": 24,
        "late_fee": "50",
        "areas-TOTAL_FORMS": 1,
        "areas-INITIAL_FORMS": 0,
        "areas-0-category": str(category.id),
        "areas-0-region": HUIZHOU,
        "spreads-TOTAL_FORMS": 1,
        "spreads-INITIAL_FORMS": 0,
        "spreads-0-product": str(product.id),
        "spreads-0-clause": "3.1",
        "spreads-0-guaranteed": "8",
        "spreads-0-advised_resale": "60",
    } | values


def act(client, action, row):
    page = client.post(PATH, {"action": action, "_selected_action": [str(row.id)]}, follow=True)
    return [str(message) for message in page.context["messages"]]


def errors(page):
    return page.context["adminform"].form.errors


def test_a_contract_is_drafted_submitted_signed_and_ended(acme, world, director):
    answer = director.post(f"{PATH}add/", a_form(world))
    assert answer.status_code == 302
    with tenant_active(acme):
        contract = Contract.objects.get()
        assert (contract.state, ContractArea.objects.get().region_id) == ("draft", HUIZHOU)
        assert SpreadTerm.objects.get().clause == "3.1"
    assert "0 of 3 have signed" in act(director, "submit", contract)[-1]
    assert director.post(f"{PATH}{contract.id}/change/", a_form(world)).status_code == 403
    assert director.get(f"{PATH}{contract.id}/change/").status_code == 200
    assert "1 of 3 have signed" in act(director, "sign", contract)[-1]
    with tenant_active(acme):
        contract.refresh_from_db()
        for party in world[1:3]:
            sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(party), at=NOW)
        assert Contract.objects.get().state == "active"
    assert "active" in act(director, "reopen", contract)[0]
    other = signed_in(a_member_of(acme, user=a_user(language="en")))
    assert "waits for the approval" in act(director, "end", contract)[-1]
    approve_on_screen(other, acme)
    with tenant_active(acme):
        assert Contract.objects.get().state == "ended"


def test_a_draft_is_changed_with_its_regions(acme, world, director):
    director.post(f"{PATH}add/", a_form(world))
    with tenant_active(acme):
        contract, area = Contract.objects.get(), ContractArea.objects.get()
        spread = SpreadTerm.objects.get()
    form = a_form(
        world,
        late_fee="60",
        **{
            "areas-INITIAL_FORMS": 1,
            "areas-0-id": str(area.id),
            "areas-0-contract": str(contract.id),
            "areas-0-region": "4401",
            "spreads-INITIAL_FORMS": 1,
            "spreads-0-id": str(spread.id),
            "spreads-0-contract": str(contract.id),
            "spreads-0-DELETE": "on",
        },
    )
    assert director.post(f"{PATH}{contract.id}/change/", form).status_code == 302
    with tenant_active(acme):
        assert ContractArea.objects.get().region_id == "4401"
        assert not SpreadTerm.objects.exists()
        assert Contract.objects.get().late_fee == 60


def test_mistakes_are_said_at_their_fields(acme, world, director):
    page = director.post(f"{PATH}add/", a_form(world, member=str(world[1].id)))
    assert set(errors(page)) == {"member"}
    with tenant_active(acme):
        assert not Contract.objects.exists()
        a_contract(world[1], world[2], code="C-1")
    assert set(errors(director.post(f"{PATH}add/", a_form(world)))) == {"code"}


def test_a_region_manager_sees_contracts_of_their_territory_only(acme, world):
    with tenant_active(acme):
        contract = a_contract(world[1], world[2], code="C-SECRET")
        record_evidence([NewEvidence(contract.id, "spread", "s:1", date(2026, 6, 1), True)])
        measure_month(month=date(2026, 6, 1), at=NOW)
        manager = signed_in(a_membership(world[0], "region_manager"))
        director = signed_in(a_membership(world[0], "director"))
    for noun in ("contract", "evidence", "guaranteemonth"):
        assert "C-SECRET" in director.get(f"/admin/alliance/{noun}/").content.decode()
        assert "C-SECRET" not in manager.get(f"/admin/alliance/{noun}/").content.decode()


def test_evidence_is_read_only(acme, world, director):
    assert director.get("/admin/alliance/evidence/add/").status_code == 403
    assert director.get("/admin/alliance/guaranteemonth/add/").status_code == 403


def test_another_tenants_contracts_are_not_there(acme, bolt, world):
    with tenant_active(acme):
        a_contract(world[1], world[2], code="C-SECRET")
    stranger = signed_in(a_member_of(bolt))
    assert "C-SECRET" not in stranger.get(PATH).content.decode()
