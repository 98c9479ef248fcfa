"""A contract lies in its dealer's territory, which the dealer's authorisations name."""

from datetime import date
from typing import Any

import pytest

from alliance.models import Authorisation
from alliance.operations.authorising import issue_authorisation
from alliance.operations.drafting import set_areas
from alliance.operations.new_terms import NewArea
from alliance.operations.signing import submit_contract
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU, NOW, World
from tests.refusing import refused

pytestmark = pytest.mark.django_db


def authorise(world: World, *regions: str, **changed: Any) -> Authorisation:
    given: dict[str, Any] = {
        "party_id": world.dealer.id,
        "regions": regions,
        "categories": ["soy"],
        "starts_on": date(2026, 1, 1),
        "until": date(2028, 1, 1),
    }
    return issue_authorisation(**given | changed, by=world.director, at=NOW)


def test_regions_outside_are_refused_by_name_and_those_inside_are_not(world: World) -> None:
    authorise(world, HUIZHOU)
    draft = world.draft(("soy", HUICHENG), ("soy", GUANGZHOU))
    with refused("outside_territory", field="areas") as found:
        submit_contract(contract_id=draft.id, by=world.director, at=NOW)
    assert found.value.details["regions"] == [GUANGZHOU]
    assert "广州" in found.value.message
    set_areas(contract_id=draft.id, areas=[NewArea("soy", HUICHENG)], by=world.director, at=NOW)
    assert submit_contract(contract_id=draft.id, by=world.director, at=NOW).state == "submitted"


def test_several_authorisations_count_together(world: World) -> None:
    authorise(world, HUIZHOU)
    authorise(world, GUANGZHOU)
    assert world.submit(("soy", HUICHENG), ("soy", GUANGZHOU)).state == "submitted"


def test_a_dealer_without_a_valid_authorisation_has_no_territory(world: World) -> None:
    assert world.submit(("soy", GUANGZHOU)).state == "submitted"
    authorise(world, HUIZHOU, starts_on=date(2027, 6, 1))
    made = authorise(world, HUIZHOU)
    Authorisation.objects.filter(id=made.id).update(revoked_at=NOW, revoked_by="x", revoke_reason="x")
    assert world.submit(("oyster", GUANGZHOU), code="C-2").state == "submitted"
