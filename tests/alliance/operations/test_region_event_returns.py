"""A delivery into a granted region is no event any more once all of its goods are returned."""

from datetime import date
from decimal import Decimal

import pytest

from alliance.models import Breach, Evidence, GuaranteeMonth
from alliance.operations.region_event_returns import take_back_region_events
from alliance.operations.region_events import record_region_events
from tests.alliance.operations.test_region_events import JULY, NOW, Guarded

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


@pytest.fixture
def guarded(in_acme):
    return Guarded(cap="250.00")


def give_back(guarded, *deliveries, units, number=1, at=JULY, product=None):
    return take_back_region_events(
        source=f"return:{number}",
        shipment_ids=[one.shipment_id for one in deliveries],
        lines=[((product or guarded.soy).id, units)],
        at=at,
    )


def result():
    one = GuaranteeMonth.objects.get(kind="region", month=JUNE)
    return one.measured, one.broken, one.owed


def test_a_full_return_takes_the_event_back_and_the_first_entry_stays(guarded):
    one = guarded.delivery()
    record_region_events([one], at=JULY)
    assert result() == (1, 1, 100)
    for _turn in range(2):
        give_back(guarded, one, units=24)
    assert result() == (1, 0, 0)
    first, correction = Evidence.objects.filter(kind="region").order_by("id")
    assert (first.owed, first.fulfilled, correction.owed) == (100, False, -100)
    assert correction.facts["returned"][0]["qty"] == 24
    assert Breach.objects.get().amount == 0


def test_returns_in_parts_take_it_back_with_the_last(guarded):
    one = guarded.delivery()
    record_region_events([one], at=JULY)
    assert give_back(guarded, one, units=10) == 1
    assert result() == (1, 1, 100)
    assert give_back(guarded, one, units=14, number=2) == 1
    assert result() == (1, 0, 0)
    assert give_back(guarded, one, units=1, number=3) == 0


def test_the_cap_is_applied_to_the_events_that_stay(guarded):
    three = [guarded.delivery() for _each in range(3)]
    record_region_events(three, at=JULY)
    assert result() == (3, 3, 250)
    give_back(guarded, three[0], units=24)
    assert result() == (3, 2, 200)
    give_back(guarded, three[1], three[2], units=48, number=2)
    assert result() == (3, 0, 0)


def test_the_newest_delivery_of_an_order_is_returned_first(guarded):
    old, new = guarded.delivery(on=date(2026, 6, 1)), guarded.delivery(on=date(2026, 6, 2))
    record_region_events([old, new], at=JULY)
    give_back(guarded, old, new, units=30)
    over = Evidence.objects.get(kind="region", facts__turned="met")
    assert str(new.shipment_id) in over.facts["corrects"]
    assert result() == (2, 1, 100)


def test_other_goods_and_deliveries_without_an_event_change_nothing(guarded):
    one = guarded.delivery()
    record_region_events([one], at=NOW)
    assert give_back(guarded, one, units=24, product=guarded.oyster) == 0
    assert give_back(guarded, guarded.delivery(), units=24) == 0
    assert take_back_region_events(source="return:1", shipment_ids=[], lines=[], at=NOW) == 0
    assert Evidence.objects.get(kind="region").owed == Decimal(100)
