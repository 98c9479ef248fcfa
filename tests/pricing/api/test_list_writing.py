"""Price lists written over the API: drafted, filled, copied, never another's, never a published one."""

from decimal import Decimal

import pytest

from pricing.models import PriceEntry, PriceList
from tenancy.context import tenant_active
from tests.pricing.api.test_api import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acme):
    return World(acme)


def stored(world, code):
    with tenant_active(world.tenant):
        row = PriceList.objects.get(code=code)
        entries = PriceEntry.objects.filter(price_list=row).order_by("min_qty")
        return row, list(entries.values_list("price", "per", "min_qty", "advised_resale"))


def test_a_dealer_drafts_its_own_list_and_replaces_its_prices(world):
    api = world.api(world.dealer)
    body = {"code": "OWN", "audience_kind": "level", "audience_value": "member", "tax_included": False}
    made = api.post("price-lists", body | {"entries": [{"sku": "SOY", "price": "70"}]})
    assert made.status_code == 201, made.json()
    assert (made.json()["state"], made.json()["tax_included"]) == ("draft", False)
    entries = [
        {"sku": "SOY", "price": "69.5", "advised_resale": "80"},
        {"sku": "SOY", "price": "68", "min_qty": 12},
    ]
    answer = api.put(f"price-lists/{made.json()['id']}/entries", {"entries": entries})
    assert answer.json() == {"entries": 2}
    row, prices = stored(world, "OWN")
    assert (row.seller_id, row.tax_included) == (world.dealer.id, False)
    assert prices == [(Decimal("69.5"), 1, 0, Decimal(80)), (68, 1, 12, None)]


def test_a_rising_break_is_refused_with_its_row(world):
    api = world.api(world.dealer)
    entries = [{"sku": "SOY", "price": "70"}, {"sku": "SOY", "price": "71", "min_qty": 12}]
    body = {"code": "UP", "audience_kind": "everyone", "entries": entries}
    answer = api.post("price-lists", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "entries[1].price")
    assert answer.json()["errors"][0]["code"] == "rising_break"


def test_a_list_is_copied_and_given_a_next_version(world):
    api = world.api(world.maker)
    copied = api.post(f"price-lists/{world.list.id}/copies", {"code": "B2", "percent": "2.5", "places": 1})
    assert copied.status_code == 201, copied.json()
    assert stored(world, "B2")[1] == [(Decimal("61.5"), 1, 0, None)]
    later = api.post(f"price-lists/{world.list.id}/versions", {"starts_on": "2030-01-01"})
    assert (later.json()["version"], later.json()["starts_on"]) == (2, "2030-01-01")
    again = api.post(f"price-lists/{world.list.id}/versions", {})
    assert (again.status_code, again.json()["type"]) == (409, "urn:tripact:wrong_state")


def test_nobody_but_the_seller_decides_its_prices(world):
    with tenant_active(world.tenant):
        row = PriceList.objects.get(code="MEMBERS")
    api = world.api(world.maker)
    for answer in (
        api.put(f"price-lists/{row.id}/entries", {"entries": [{"sku": "SOY", "price": "1"}]}),
        api.post(f"price-lists/{row.id}/copies", {"code": "X"}),
        api.post(f"price-lists/{row.id}/versions", {}),
    ):
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:tripact:not_allowed"
    rival = world.api(world.rival).post(f"price-lists/{row.id}/versions", {})
    assert rival.status_code == 404


def test_a_published_list_keeps_its_prices(world):
    entries = {"entries": [{"sku": "SOY", "price": "1"}]}
    answer = world.api(world.maker).put(f"price-lists/{world.list.id}/entries", entries)
    assert answer.status_code == 409
