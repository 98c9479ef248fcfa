"""KPIs of a month: measured from figures handed down, or entered by hand with a note."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from alliance.models import Kpi, KpiMonth
from alliance.operations.kpi_months import KpiFigure, enter_kpi, measure_kpis
from tests.alliance.world import NOW
from tests.factories import a_contract, a_party, an_actor, in_force
from tests.refusing import refused

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.fixture
def contract(world):
    made = a_contract(world.dealer, world.member(), state="draft")
    for metric, weight in (("purchases", "0.4"), ("outlets", "0.3"), ("visits", "0.3")):
        Kpi.objects.create(contract=made, metric=metric, target=100, weight=weight)
    return in_force(made)


def kpi(contract, metric="visits"):
    return Kpi.objects.get(contract=contract, metric=metric)


def results():
    return dict(KpiMonth.objects.values_list("kpi__metric", "actual"))


def test_what_is_measured_has_a_figure_and_the_others_have_none(contract):
    figures = [KpiFigure(contract.id, "purchases", Decimal(80))]
    assert measure_kpis(month=MAY, figures=figures) == 3
    assert results() == {"purchases": 80, "outlets": 0, "visits": None}
    assert measure_kpis(month=MAY, figures=figures) == 0
    assert measure_kpis(month=MAY, figures=[KpiFigure(contract.id, "outlets", Decimal(7))]) == 2


def test_a_month_outside_the_term_has_no_results(contract):
    assert measure_kpis(month=date(2025, 12, 1), figures=[]) == 0


def test_a_person_enters_what_nothing_measures_and_the_round_keeps_it(contract, world):
    given = {
        "kpi_id": kpi(contract).id,
        "month": MAY,
        "note": "route sheets",
        "by": world.director,
        "at": NOW,
    }
    enter_kpi(**given, actual=Decimal(50))
    enter_kpi(**given, actual=Decimal(60))
    measure_kpis(month=MAY, figures=[])
    row = KpiMonth.objects.get(kpi=kpi(contract))
    assert (row.actual, row.is_entered, row.note) == (60, True, "route sheets")


def test_an_entry_is_refused_without_a_note_for_a_measured_kpi_or_another_month(contract, world):
    given = {
        "kpi_id": kpi(contract).id,
        "month": MAY,
        "actual": Decimal(1),
        "note": "n",
        "by": world.director,
        "at": NOW,
    }
    for field, change in (
        ("kpi", {"kpi_id": kpi(contract, "purchases").id}),
        ("note", {"note": " "}),
        ("actual", {"actual": Decimal(-1)}),
        ("month", {"month": date(2026, 7, 1)}),
        ("month", {"month": date(2025, 7, 1)}),
        ("month", {"month": date(2026, 5, 2)}),
    ):
        with refused("bad_kpi", field):
            enter_kpi(**given | change)
    with refused("not_found", "kpi"):
        enter_kpi(**given | {"kpi_id": uuid4()})
    with refused("not_allowed"):
        enter_kpi(**given | {"by": an_actor(world.dealer)})


def test_another_dealer_sees_no_results(contract, world):
    measure_kpis(month=MAY, figures=[])
    assert KpiMonth.objects.visible_to(an_actor(world.dealer)).count() == 3
    assert not KpiMonth.objects.visible_to(an_actor(a_party("dealer", parent=world.maker))).exists()
    assert not KpiMonth.objects.visible_to(an_actor(world.dealer, "warehouse")).exists()
