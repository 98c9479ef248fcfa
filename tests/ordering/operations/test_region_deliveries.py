"""Deliveries of others into a guarded region become evidence, at once and before a month is booked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.rights import the_system
from alliance.models import Breach, ContractArea, Evidence, GuaranteeTerm
from alliance.models.contract import all_channels
from dealers.models import Region
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.event_handlers import record_delivery_evidence
from ordering.operations.placing import place_order
from ordering.operations.region_deliveries import hand_down_month
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock
from rebates.operations.guarantees import book_month
from tests.factories import (
    a_category,
    a_contract,
    a_manufacturer,
    a_party,
    a_price_list,
    a_product,
    in_force,
)

AT = datetime(2026, 3, 5, 4, tzinfo=UTC)
MARCH, APRIL_2 = date(2026, 3, 1), datetime(2026, 4, 2, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shipment(in_acme):
    """A dealer from elsewhere delivers soy to an outlet in Huicheng, which a contract guards."""
    maker = a_manufacturer()
    dealer = a_party("dealer", parent=maker)
    contract = a_contract(dealer, a_party("member", parent=dealer, region_id="441302"), state="draft")
    region = Region.objects.get(code="4413")
    soy = a_category("soy")
    ContractArea.objects.create(
        contract=contract,
        category=soy,
        region=region,
        channels=all_channels(),
        area=(region.start, region.end),
        term=(contract.starts_on, contract.until),
        holds=True,
    )
    GuaranteeTerm.objects.create(contract=contract, clause="2.1", metric="exclusive", owed_per_event=100)
    in_force(contract)
    stranger = a_party("dealer", parent=maker, tracks_stock=True)
    outlet = a_party("outlet", parent=stranger, region_id="441302")
    product = a_product(category=soy)
    a_price_list(stranger, {product: "10"})
    by = the_system()
    count_stock(party_id=stranger.id, rows=[(product.sku, 100)], source="opening", by=by, at=AT)
    order = place_order(seller_id=stranger.id, buyer_id=outlet.id, lines=[(product.sku, 12)], by=by, at=AT)
    confirm_order(order_id=order.id, by=by, at=AT)
    sent = ship(order_id=order.id, by=by, at=AT + timedelta(hours=1))
    deliver(shipment_id=sent.id, signed_by="x", by=by, at=AT + timedelta(hours=2))
    return sent


def events():
    return Evidence.objects.filter(kind="region")


def test_a_delivery_is_handed_down_when_it_arrives(shipment):
    for _turn in range(2):
        record_delivery_evidence({"shipment_id": str(shipment.id)}, AT)
    event = events().get()
    assert (event.owed, event.facts["shipment"], event.facts["amount"]) == (100, shipment.number, "120.00")


def test_a_delivery_that_was_missed_is_found_before_the_month_is_booked(shipment):
    assert hand_down_month(month=date(2026, 2, 1), at=APRIL_2) == 0
    book_month(month=MARCH, at=APRIL_2)
    assert (events().count(), Breach.objects.get().amount) == (1, 100)
    assert hand_down_month(month=MARCH, at=APRIL_2) == 0


def test_a_month_without_deliveries_of_others_is_booked_as_met(shipment):
    booked = book_month(month=date(2026, 2, 1), at=APRIL_2)
    assert (booked.measured, booked.amount) == (1, 0)
    assert events().get().fulfilled


def test_without_guarded_regions_nothing_is_read(in_acme):
    assert hand_down_month(month=MARCH, at=APRIL_2) == 0
