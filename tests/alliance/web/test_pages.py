"""Contracts on screen: who sees which, what a page tells, what each guarantee opens to."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alliance.models import Contract
from kernel.periods import months_after
from tenancy.context import tenant_active
from tests.alliance.web.world import TODAY, AllianceWorld, alliance_world
from tests.approving import approve_on_screen
from tests.factories import a_party
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db
MOST = 15


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def last_month() -> date:
    return months_after(TODAY.replace(day=1), -1)


def test_each_of_the_three_sees_the_contract_and_a_stranger_does_not(world: AllianceWorld) -> None:
    contract = world.active()
    with tenant_active(world.tenant):
        stranger = a_membership(a_party("member", parent=world.dealer))
    for person in (world.director, world.dealer_owner, world.member_owner):
        client = world.client(person)
        assert "C-0412" in client.get("/contracts").content.decode()
        assert client.get(f"/contracts/{contract.id}").status_code == 200
    other = world.client(stranger)
    assert "C-0412" not in other.get("/contracts").content.decode()
    for page in ("", "/text", "/evidence", "/compare", "/sign"):
        assert other.get(f"/contracts/{contract.id}{page}").status_code == 404


def test_pages_take_few_statements(world: AllianceWorld) -> None:
    contract = world.active()
    for number in range(3):
        world.draft(f"C-{number}")
    world.late_delivery(contract, last_month())
    client = world.client(world.director)
    draft = world.draft("C-0412", version=2, starts_on=TODAY)
    for page in (
        f"/contracts/{draft.id}",
        "/contracts",
        f"/contracts/{contract.id}",
        f"/contracts/{contract.id}/evidence?kind=service",
        f"/contracts/{contract.id}/sign",
        f"/contracts/{contract.id}/text",
        "/guarantees",
        "/contracts/new",
    ):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page).status_code == 200, page
        told = [
            one["sql"] for one in seen if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET LOCAL"))
        ]
        assert len(told) <= MOST, "\n".join(
            [page, *(one[:50] + one[one.find(" FROM ") :][:60] for one in told)]
        )


def test_the_list_filters_by_state_party_and_end(world: AllianceWorld) -> None:
    world.active("C-1")
    with tenant_active(world.tenant):
        other = a_party("member", parent=world.dealer, name="另一家")
    world.draft("C-2", member=other)
    soon = world.submitted(
        "C-3", member=other, starts_on=TODAY - timedelta(days=400), until=TODAY + timedelta(days=10)
    )
    client = world.client(world.director)

    def shown(query: str) -> set[str]:
        page = client.get(f"/contracts?{query}").content.decode()
        return {code for code in ("C-1", "C-2", "C-3") if re.search(rf">\s*{code}\s*<", page)}

    assert shown("state=active") == {"C-1"}
    assert shown("state=draft") == {"C-2"}
    assert shown(f"party={other.id}") == {"C-2", "C-3"}
    assert shown(f"party={world.dealer.id}") == {"C-1", "C-2", "C-3"}
    assert shown("ends=30") == set()
    with tenant_active(world.tenant):
        Contract.objects.filter(id=soon.id).update(state="active")
    assert shown("ends=30") == {"C-3"}
    assert shown("q=C-3") == {"C-3"}


def test_a_breach_is_told_on_the_card_and_opens_to_its_evidence(world: AllianceWorld) -> None:
    contract = world.active()
    world.late_delivery(contract, last_month(), hours=60)
    client = world.client(world.member_owner)
    page = client.get(f"/contracts/{contract.id}", headers={"accept-language": "zh-hans"}).content.decode()
    assert "未兑现" in page
    assert "120.00" in page
    found = client.get(f"/contracts/{contract.id}/evidence?kind=service").content.decode()
    assert "60 小时" in found
    assert "120.00" in found
    drawer = client.get(
        f"/contracts/{contract.id}/evidence?kind=service",
        headers={"hx-request": "true", "hx-target": "drawer"},
    ).content.decode()
    assert "<html" not in drawer


def test_the_scorecard_of_a_month_shows_breaches_first_and_what_is_not_measurable(
    world: AllianceWorld,
) -> None:
    first = world.active()
    world.draft("C-2")
    world.late_delivery(first, last_month())
    client = world.client(world.director)
    answer = client.get(f"/guarantees?month={last_month():%Y-%m}")
    kept = {one["row"].kind: one["row"] for one in answer.context["results"]}
    assert (kept["service"].fulfilled, kept["service"].broken, kept["service"].unmeasured) == (0, 1, 0)
    assert (kept["spread"].fulfilled, kept["spread"].broken, kept["spread"].unmeasured) == (0, 0, 1)
    assert str(kept["service"].owed) == "120.00"
    empty = client.get("/guarantees?month=2001-01")
    assert empty.context["list"].total == 0
    unreadable = client.get("/guarantees?month=2001-99")
    assert unreadable.status_code == 422
    assert "2001-99" in unreadable.content.decode()


def test_an_export_of_each_list_is_asked_for(world: AllianceWorld) -> None:
    contract = world.active()
    world.late_delivery(contract, last_month())
    client = world.client(world.director)
    for page in ("/contracts", "/guarantees"):
        answer = client.post(page, {"action": "export"})
        assert answer.status_code == 302
        assert "/jobs/" in answer.headers["Location"]


def test_two_versions_are_compared(world: AllianceWorld) -> None:
    world.active("C-7")
    second = world.draft(
        "C-7",
        version=2,
        delivery_hours=24,
        starts_on=TODAY + timedelta(days=400),
        until=TODAY + timedelta(days=800),
    )
    client = world.client(world.director)
    page = client.get(f"/contracts/{second.id}").content.decode()
    assert "v1 → v2" in page
    told = client.get(f"/contracts/{second.id}/compare").context["changes"]
    assert {(one["before"], one["after"]) for one in told} >= {("48", "24")}


def test_a_contract_is_submitted_taken_back_and_ended_with_a_reason(world: AllianceWorld) -> None:
    draft = world.draft()
    client = world.client(world.director)
    address = f"/contracts/{draft.id}"
    client.post(f"{address}/submit")
    assert state_of(world, draft) == "submitted"
    client.post(f"{address}/reopen")
    assert state_of(world, draft) == "draft"
    client.post(f"{address}/submit")
    with tenant_active(world.tenant):
        contract = Contract.objects.get(id=draft.id)
    world.sign(contract)
    assert client.post(f"{address}/end", {"reason": " "}).status_code == 422
    assert state_of(world, draft) == "active"
    with tenant_active(world.tenant):
        other = signed_in(a_membership(world.maker))
    assert client.post(f"{address}/end", ending("停业")).status_code == 302
    assert state_of(world, draft) == "active"
    approve_on_screen(other, world.tenant)
    assert state_of(world, draft) == "ended"
    assert "停业" in client.get(address).content.decode()
    assert "第二人批准" in client.get(address).content.decode()
    partner = world.client(world.member_owner).get(address).content.decode()
    assert "第二人批准" not in partner
    assert "停业" in partner


def test_partners_may_neither_draft_nor_end(world: AllianceWorld) -> None:
    contract = world.active()
    for person in (world.dealer_owner, world.member_owner):
        client = world.client(person)
        for page in (f"{contract.id}/edit", f"{contract.id}/end"):
            assert client.get(f"/contracts/{page}").status_code == 403
        for action in ("submit", "reopen", "end"):
            assert client.post(f"/contracts/{contract.id}/{action}", {"reason": "x"}).status_code == 403
    assert state_of(world, contract) == "active"


def test_the_text_is_the_frozen_one_with_its_hash(world: AllianceWorld) -> None:
    contract = world.active()
    page = world.client(world.member_owner).get(f"/contracts/{contract.id}/text").content.decode()
    assert contract.digest[:8] in page
    assert "金标生抽" in page


def ending(reason: str) -> dict[str, str]:
    """The form of an end at once: yesterday was the last day."""
    last = TODAY - timedelta(days=1)
    return {"reason": reason, "kind": "closing", "ended_by": "member", "last_day": last.isoformat()}


def state_of(world: AllianceWorld, contract: Contract) -> str:
    with tenant_active(world.tenant):
        return str(Contract.objects.get(id=contract.id).state)
