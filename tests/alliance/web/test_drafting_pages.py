"""A contract drafted on screen: what is wrong is named, what was typed stays, nobody overwrites."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alliance.models import Contract
from alliance.operations.drafting import NewSpread, set_spreads
from tenancy.context import tenant_active
from tests.alliance.web.world import AT, HUICHENG, TODAY, AllianceWorld, alliance_world
from tests.factories import a_party, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> AllianceWorld:
    return alliance_world()


def typed(world: AllianceWorld, **changes: Any) -> dict[str, Any]:
    return {
        "code": "C-9",
        "manufacturer": world.maker.code,
        "dealer": world.dealer.code,
        "member": world.member.code,
        "starts_on": "2026-07-01",
        "last_day": "2027-06-30",
        "area-category": ["soy", ""],
        "area-region": [HUICHENG, ""],
        "spread-clause": ["", ""],
        "spread-sku": [world.product.sku, ""],
        "spread-guaranteed": ["6.00", ""],
        "spread-advised_resale": ["92", ""],
        "delivery_hours": "48",
        "late_fee": "120",
    } | changes


def test_a_draft_is_kept_with_its_regions_and_spreads(world: AllianceWorld) -> None:
    answer = world.client(world.director).post("/contracts/new", typed(world))
    assert answer.status_code == 302
    with tenant_active(world.tenant):
        contract = Contract.objects.get(code="C-9")
        assert answer.headers["Location"] == f"/contracts/{contract.id}"
        assert str(contract.until) == "2027-07-01"
        assert [area.region_id for area in contract.areas.all()] == [HUICHENG]
        (spread,) = contract.spreads.all()
        assert (spread.clause, spread.guaranteed) == ("3.1", Decimal("6.0000"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": ""}, "A contract has a code."),
        ({"dealer": "NOBODY"}, "There is no party with the code NOBODY."),
        ({"starts_on": "soon"}, "“soon” is no date"),
        ({"starts_on": "01/02/2026"}, "has more than one meaning"),
        ({"last_day": "2026-02-30"}, "there is no day “2026-02-30”"),
        ({"delivery_hours": "1,5"}, "has more than one meaning"),
        ({"last_day": "2026-06-01"}, "It ends before it starts."),
        ({"delivery_hours": "-1"}, "“-1” is negative"),
        ({"delivery_hours": "0"}, "Give whole hours"),
        ({"late_fee": "1.005"}, "Give an amount"),
        ({"area-region": ["Atlantis", ""]}, "There is no such region"),
        ({"area-category": ["", ""]}, "Choose a category."),
        ({"spread-sku": ["NONE", ""]}, "There is no product with the SKU NONE."),
        ({"spread-guaranteed": ["free", ""]}, "Give a price"),
        ({"spread-guaranteed": ["-1", ""]}, "Give a price"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    world: AllianceWorld, changes: dict[str, Any], said: str
) -> None:
    world.director.user.language = "en"
    world.director.user.save()
    answer = world.client(world.director).post("/contracts/new", typed(world, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page.replace("&#x27;", "'")
    assert 'value="120"' in page or "1.005" in page
    assert world.member.code in page
    with tenant_active(world.tenant):
        assert not Contract.objects.exists()


def test_a_party_of_another_kind_is_named(world: AllianceWorld) -> None:
    answer = world.client(world.director).post("/contracts/new", typed(world, dealer=world.member.code))
    assert answer.status_code == 422
    assert world.member.name in answer.content.decode()


def test_a_region_is_found_by_its_full_name(world: AllianceWorld) -> None:
    answer = world.client(world.director).post(
        "/contracts/new", typed(world, **{"area-region": ["广东省惠州市惠城区", ""]})
    )
    assert answer.status_code == 302


def test_more_rows_keep_what_was_typed_and_save_nothing(world: AllianceWorld) -> None:
    answer = world.client(world.director).post("/contracts/new", typed(world, more="spreads"))
    assert answer.status_code == 200
    assert answer.content.decode().count('name="spread-sku"') == 4
    with tenant_active(world.tenant):
        assert not Contract.objects.exists()


def test_a_code_that_is_taken_is_said_at_the_code(world: AllianceWorld) -> None:
    world.draft("C-9")
    answer = world.client(world.director).post("/contracts/new", typed(world))
    assert answer.status_code == 422
    assert "code_wrong" in answer.content.decode()


def seen(world: AllianceWorld, draft: Contract) -> str:
    page = world.client(world.director).get(f"/contracts/{draft.id}/edit")
    return str(page.context["typed"].values["version"])


def test_a_draft_is_changed(world: AllianceWorld) -> None:
    draft = world.draft("C-9")
    changed = typed(world, version=seen(world, draft), delivery_hours="24", late_fee="50")
    answer = world.client(world.director).post(f"/contracts/{draft.id}/edit", changed)
    assert answer.status_code == 302
    with tenant_active(world.tenant):
        draft.refresh_from_db()
        assert (draft.delivery_hours, draft.late_fee) == (24, Decimal("50.00"))


def test_two_editors_see_both_and_nothing_is_overwritten(world: AllianceWorld) -> None:
    draft = world.draft("C-9")
    version = seen(world, draft)
    with tenant_active(world.tenant):
        theirs = [NewSpread(world.product.sku, "3.2", Decimal("7.7700"), Decimal(92))]
        set_spreads(contract_id=draft.id, spreads=theirs, by=an_actor(world.maker), at=AT)
    mine = typed(world, version=version, **{"spread-clause": ["3.2", ""]})
    client = world.client(world.director)
    answer = client.post(f"/contracts/{draft.id}/edit", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "7.77" in page
    assert 'value="6.00"' in page
    with tenant_active(world.tenant):
        assert draft.spreads.get().guaranteed == Decimal("7.7700")
        assert Contract.objects.get(id=draft.id).starts_on == draft.starts_on
    again = mine | {"version": answer.context["typed"].values["version"]}
    assert client.post(f"/contracts/{draft.id}/edit", again).status_code == 302
    with tenant_active(world.tenant):
        assert draft.spreads.get().guaranteed == Decimal("6.0000")


def test_what_was_submitted_is_not_edited(world: AllianceWorld) -> None:
    contract = world.submitted("C-9")
    client = world.client(world.director)
    assert client.get(f"/contracts/{contract.id}/edit").status_code == 302
    assert client.post(f"/contracts/{contract.id}/edit", typed(world)).status_code == 302


def test_a_taken_region_is_told_on_the_draft_with_what_to_do(world: AllianceWorld) -> None:
    with tenant_active(world.tenant):
        other = a_party("member", parent=a_party("dealer"), name="别家批发部")
        dealer = other.parent
    world.active("C-TAKEN", member=other, dealer=dealer)
    client = world.client(world.director)
    until = (TODAY + timedelta(days=100)).isoformat()
    answer = client.post("/contracts/new", typed(world, last_day=until), follow=True)
    assert "C-TAKEN" in answer.content.decode()
