"""Figures of trade that the alliance gets: duties that orders prove, KPIs, and results of the plan."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.rights import the_system
from alliance.models import Kpi, KpiMonth, PlanActual, PlanObjective
from alliance.operations.plans.drafting import NewObjective, NewTarget
from alliance.operations.plans.objectives import hand_down_objective
from catalogue.models import Portfolio, PortfolioProduct
from ordering.models import TradeDay
from ordering.operations.alliance_figures import hand_down, measure_plan_months
from ordering.operations.event_handlers import measure_new_plan
from tests.alliance.plan_world import a_plan, objective
from tests.alliance.world import HUICHENG, NOW, World
from tests.factories import a_channel, a_contract, a_fact, a_party, a_product, an_actor, in_force

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
AT = datetime(2026, 6, 10, 1, tzinfo=UTC)


@pytest.fixture
def world(in_acme):
    return World()


@pytest.fixture
def trade(world):
    """Goods from a dealer to its member and on to an outlet, and from the dealer to an outlet of its own."""
    horeca = a_channel("horeca")
    member = world.member()
    outlet = a_party("outlet", parent=member, region_id=HUICHENG, channel=horeca)
    direct = a_party("outlet", parent=world.dealer, region_id=HUICHENG)
    soy, oyster = a_product("SOY"), a_product("OYSTER")
    a_fact(world.dealer, member, soy, date(2026, 5, 3), delivered_qty=30, returned_qty=5)
    a_fact(world.dealer, direct, oyster, date(2026, 5, 4), delivered_qty=4)
    a_fact(member, outlet, soy, date(2026, 5, 9), delivered_qty=10)
    a_fact(world.maker, world.dealer, soy, date(2026, 5, 1), delivered_qty=500)
    core = Portfolio.objects.create(code="core", name="Core")
    PortfolioProduct.objects.create(portfolio=core, product=soy)
    return member


def results(metric, party=None):
    found = PlanActual.objects.filter(target__metric=metric, party=party, month=MAY)
    return [int(one) for one in found.values_list("actual", flat=True)]


def test_volume_outlets_and_products_are_read_from_what_was_delivered(world, trade):
    plan = a_plan(
        world.director,
        NewTarget("44", "volume", Decimal(1200)),
        NewTarget("4413", "outlets", Decimal(10)),
        NewTarget("44", "outlets", Decimal(10), channel="horeca"),
        NewTarget("44", "portfolio", Decimal(1), portfolio="core"),
        NewTarget("44", "expense", Decimal(12)),
        NewTarget("43", "volume", Decimal(12)),
    )
    rows = plan.targets.filter(metric="volume", region_id="43")
    rows.delete()
    given = objective(plan, world.dealer, world.director)
    parts = [NewObjective(trade.code, Decimal(700))]
    hand_down_objective(objective_id=given.id, objectives=parts, by=an_actor(world.dealer), at=NOW)
    assert PlanObjective.objects.count() == 2
    for _ in range(2):
        measure_plan_months(first=date(2026, 4, 1), last=MAY, at=AT)
    assert results("volume") == [29]
    assert results("volume", world.dealer) == [29]
    assert results("volume", trade) == [25]
    assert sorted(results("outlets")) == [1, 2]
    assert results("portfolio") == [1]
    assert results("expense") == []


def test_a_new_plan_is_measured_at_once_and_without_plans_nothing_is(world, trade):
    assert measure_plan_months(first=MAY, last=MAY, at=AT) == 0
    objective(a_plan(world.director), world.dealer, world.director)
    measure_new_plan({}, AT)
    assert results("volume") == [29]


def test_purchases_and_outlets_of_contracts_are_measured_each_day(world, trade):
    contract = a_contract(world.dealer, trade, state="draft")
    for metric in ("purchases", "outlets", "visits"):
        Kpi.objects.create(contract=contract, metric=metric, target=100, weight="0.3")
    in_force(contract)
    outlet = a_party("outlet", parent=trade)
    TradeDay.objects.create(
        day=MAY, seller_id=world.dealer.id, buyer_id=trade.id, delivered_net=90, returned_net=10
    )
    TradeDay.objects.create(day=MAY, seller_id=trade.id, buyer_id=outlet.id, delivered_net=5)
    hand_down(by=the_system(), at=AT)
    found = dict(KpiMonth.objects.filter(month=MAY).values_list("kpi__metric", "actual"))
    assert found == {"purchases": 80, "outlets": 1, "visits": None}
