from datetime import date
from decimal import Decimal

import pytest

from alliance.models import Contract, ContractArea
from alliance.operations.drafting import (
    NewArea,
    NewSpread,
    edit_contract,
    set_areas,
)
from alliance.operations.signing import (
    submit_contract,
)
from tenancy.models import new_id
from tests.alliance.world import GUANGZHOU, HUIZHOU, NOW
from tests.factories import a_party, a_product, an_actor
from tests.refusing import refused


@pytest.mark.django_db
def test_a_draft_may_change_and_its_regions_follow_its_term(world):
    contract = world.draft(("soy", HUIZHOU))
    contract.until = date(2026, 7, 1)
    edit_contract(contract=contract, by=world.director, at=NOW)
    assert ContractArea.objects.get().term.upper == date(2026, 7, 1)
    assert (
        set_areas(
            contract_id=contract.id,
            areas=[NewArea("soy", GUANGZHOU), NewArea("oyster", "44")],
            by=world.director,
            at=NOW,
        )
        == 2
    )
    area = ContractArea.objects.get(region_id=GUANGZHOU)
    assert (area.area.lower, area.area.upper) == (440100000000, 440200000000)


@pytest.mark.django_db
def test_a_contract_that_guarantees_nothing_is_not_submitted(world):
    draft = world.draft(delivery_hours=None)
    with refused("promises_nothing"):
        submit_contract(contract_id=draft.id, by=world.director, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("areas", "values", "field"),
    [
        ([("soy", "99")], {}, "areas[0].region"),
        ([("soy", HUIZHOU), ("tea", HUIZHOU)], {}, "areas[1].category"),
        ([("soy", HUIZHOU), ("soy", HUIZHOU)], {}, "areas[1].region"),
        ([], {"until": date(2026, 1, 1)}, "until"),
        ([], {"late_fee": Decimal(-1)}, "late_fee"),
        ([], {"spreads": [NewSpread("NOPE", "4.1", Decimal(1), Decimal(1))]}, "spreads[0].sku"),
        (
            [],
            {"spreads": [NewSpread("SOY", "4", Decimal(1), Decimal(1), Decimal(101))]},
            "spreads[0].percent",
        ),
        ([], {"spreads": [NewSpread("SOY", "4", Decimal(-1), Decimal(1))]}, "spreads[0].guaranteed"),
        (
            [],
            {"spreads": [NewSpread("SOY", "4", Decimal(1), Decimal("0.00001"))]},
            "spreads[0].advised_resale",
        ),
        ([], {"spreads": [NewSpread("SOY", "4", Decimal(1), Decimal(1))] * 2}, "spreads[1].sku"),
    ],
)
def test_a_senseless_contract_is_refused_with_its_field(world, areas, values, field):
    a_product("SOY")
    with refused("bad_contract", field):
        world.draft(*areas, **values)


@pytest.mark.django_db
def test_the_parties_must_be_of_their_kinds(world):
    with refused("bad_contract", "dealer"):
        world.draft(dealer=world.maker)
    with refused("bad_contract", "member"):
        world.draft(member=world.dealer)


@pytest.mark.django_db
def test_a_code_is_taken_once(world):
    world.draft(("soy", HUIZHOU))
    with refused("conflict", "code"):
        world.draft(("soy", GUANGZHOU))


@pytest.mark.django_db
def test_who_sees_which_contracts(world):
    mine, other = world.draft(code="C-1"), world.draft(code="C-2")

    def seen(actor):
        return sorted(Contract.objects.visible_to(actor).values_list("code", flat=True))

    assert seen(world.director) == seen(an_actor(world.dealer)) == ["C-1", "C-2"]
    assert seen(an_actor(mine.member)) == ["C-1"]
    assert seen(an_actor(other.member)) == ["C-2"]
    assert seen(an_actor(a_party("dealer"))) == []
    assert seen(an_actor(world.dealer, "purchaser")) == []
    assert seen(an_actor(world.maker, "region_manager")) == []


@pytest.mark.django_db
def test_a_region_manager_without_the_territory_makes_no_contract_there(world):
    manager = an_actor(world.maker, "region_manager")
    draft = world.draft(("soy", HUIZHOU))
    with refused("not_found", "contract"):
        submit_contract(contract_id=draft.id, by=manager, at=NOW)
    with refused("not_allowed"):
        submit_contract(contract_id=draft.id, by=an_actor(world.dealer), at=NOW)
    with refused("not_found", "contract"):
        submit_contract(contract_id=new_id(), by=world.director, at=NOW)
