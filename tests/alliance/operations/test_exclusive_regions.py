import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from alliance.models import Contract, ContractArea
from alliance.operations import signing
from alliance.operations.drafting import (
    NewSpread,
)
from alliance.operations.ending import end_contract
from alliance.operations.region_holds import hold_areas
from alliance.operations.signing import (
    RegionTaken,
    sign_contract,
)
from alliance.queries.taken_regions import WantedArea, taken_areas, taken_by_others
from catalogue.models import Category, Product
from dealers.models import Channel
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU, NOW, World
from tests.approving import by_two
from tests.factories import a_party, an_actor
from tests.refusing import refused


@pytest.mark.django_db
@pytest.mark.parametrize("region", [HUIZHOU, HUICHENG, "44"])
def test_a_region_belongs_to_one_member_for_a_category_and_term(world, region):
    first = world.active(("soy", HUIZHOU), code="C-1")
    second = world.submit(("soy", region), code="C-2")
    world.sign(second, second.member, second.dealer)
    with pytest.raises(RegionTaken) as taken, transaction.atomic():
        world.sign(second, second.manufacturer)
    assert taken.value.code == "region_taken"
    assert taken.value.details["contract"] == first.code
    assert taken.value.details["member"] == first.member.name
    second.refresh_from_db()
    assert (second.state, second.signatures.count()) == ("submitted", 2)


@pytest.mark.django_db
def test_a_partner_does_not_learn_whose_contract_is_in_the_way(world):
    first = world.active(("soy", HUIZHOU), code="C-1")
    second = world.submit(("soy", HUIZHOU), code="C-2", dealer=a_party("dealer"), member=a_party("member"))
    world.sign(second, second.manufacturer, second.dealer)
    with pytest.raises(RegionTaken) as taken, transaction.atomic():
        world.sign(second, second.member)
    told = f"{taken.value.message} {taken.value.details}"
    assert first.code not in told
    assert first.member.name not in told
    assert "region" in taken.value.details


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("area", "values"),
    [
        (("oyster", HUIZHOU), {}),
        (("soy", GUANGZHOU), {}),
        (("soy", HUIZHOU), {"starts_on": date(2027, 1, 1), "until": date(2028, 1, 1)}),
    ],
)
def test_another_category_region_or_term_is_free(world, area, values):
    world.active(("soy", HUIZHOU), code="C-1")
    assert world.active(area, code="C-2", **values).state == "active"


@pytest.mark.django_db
def test_a_region_is_free_in_another_channel_but_not_in_all(world):
    Channel.objects.bulk_create(Channel(code=code, name=code) for code in ("food", "shops"))
    world.active(("soy", HUIZHOU, "food"), code="C-1")
    assert world.active(("soy", HUICHENG, "shops"), code="C-2").state == "active"
    third = world.submit(("soy", HUICHENG), code="C-3")
    assert [one.contract_code for one in taken_areas(third.id)] == ["C-1", "C-2"]
    with pytest.raises(RegionTaken), transaction.atomic():
        world.sign(third)
    category = Category.objects.get(code="soy")
    given = {"starts_on": date(2026, 1, 1), "until": date(2027, 1, 1)}
    wanted = [WantedArea(category.id, HUICHENG)]
    assert len(taken_by_others(wanted, code="C-4", **given)) == 2
    assert [one.contract_code for one in taken_by_others(wanted, code="C-1", **given)] == ["C-2"]
    food = Channel.objects.get(code="food")
    for_food = [WantedArea(category.id, HUICHENG, food.id)]
    assert [one.contract_code for one in taken_by_others(for_food, code="C-4", **given)] == ["C-1"]
    assert taken_by_others([], code="C-4", **given) == []


@pytest.mark.django_db
def test_an_ended_contract_frees_its_region(world):
    first = world.active(("soy", HUIZHOU), code="C-1")
    by_two(end_contract, contract_id=first.id, reason="both agreed", by=world.director, at=NOW)
    assert world.active(("soy", HUICHENG), code="C-2").state == "active"
    with refused("wrong_state"):
        end_contract(contract_id=first.id, reason="again", by=world.director, at=NOW)


@pytest.mark.django_db
def test_statements_do_not_grow_with_regions_and_spreads(world):
    Product.objects.bulk_create(Product(sku=f"S{n}", name="x") for n in range(300))
    Category.objects.bulk_create(Category(code=f"k{n}", name=f"k{n}") for n in range(300))
    asked = []
    for size in (5, 300):
        spreads = [NewSpread(f"S{n}", "4", Decimal(1), Decimal(2)) for n in range(size)]
        region = HUIZHOU if size == 5 else GUANGZHOU
        with CaptureQueriesContext(connection) as statements:
            world.active(*((f"k{n}", region) for n in range(size)), code=f"C{size}", spreads=spreads)
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.django_db
@pytest.mark.parametrize(("deadlocks", "outcome"), [(1, "active"), (4, "active"), (5, "40P01")])
def test_a_deadlock_is_tried_again_a_few_times(world, monkeypatch, deadlocks, outcome):
    left = iter(range(deadlocks))

    def hold(contract_id, holds):
        if next(left, None) is not None:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '40P01'; END $$")
        hold_areas(contract_id, holds)

    monkeypatch.setattr(signing, "hold_areas", hold)
    contract = world.submit(("soy", HUIZHOU))
    if outcome == "active":
        assert world.sign(contract).state == "active"
    else:
        with pytest.raises(OperationalError, match="planted"), transaction.atomic():
            world.sign(contract)


def _sign_last(tenant_id, contract_id, digest, by, results, gate):
    try:
        gate.wait(timeout=20)
        with tenant_active(tenant_id):
            sign_contract(contract_id=contract_id, digest=digest, by=by, at=NOW)
        results.append("active")
    except Exception as error:
        results.append(getattr(error, "code", None) or repr(error))
    finally:
        connections.close_all()


def test_two_third_signatures_at_once_leave_one_holder_and_show_no_deadlock(committed):
    """Both want the same regions; whatever the order in which they meet, one is told who has them."""
    tenant = Tenant.objects.get(slug="acme")
    codes = [f"k{n}" for n in range(12)]
    with tenant_active(tenant):
        world = World()
        Category.objects.bulk_create(Category(code=code, name=code) for code in codes)
        Channel.objects.create(code="food", name="餐饮")
    for turn in range(6):
        with tenant_active(tenant):
            pair = []
            for name, order in (("A", codes), ("B", codes[::-1])):
                channel = "food" if name == "A" and turn % 2 else ""
                contract = world.submit(*((code, HUIZHOU, channel) for code in order), code=f"{name}{turn}")
                world.sign(contract, contract.member, contract.dealer)
                pair.append(contract)
        results: list[str] = []
        gate = threading.Barrier(2)
        threads = [
            threading.Thread(
                target=_sign_last,
                args=(tenant.id, one.id, one.digest, an_actor(world.maker), results, gate),
            )
            for one in pair
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["active", "region_taken"]
        with tenant_active(tenant):
            winner = Contract.objects.get(state="active")
            assert ContractArea.objects.filter(holds=True).count() == len(codes)
            by_two(end_contract, contract_id=winner.id, reason="next turn", by=world.director, at=NOW)
