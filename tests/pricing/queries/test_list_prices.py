"""The manufacturer's list price, with which the overlap of a planned product compares."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.models import Category
from catalogue.queries import overlaps_of
from pricing.queries.list_prices import list_prices
from tests.factories import a_manufacturer, a_party, a_price_list, a_product

pytestmark = pytest.mark.django_db


def test_lists_in_force_come_before_drafts_and_dealers_prices_do_not_count(in_acme):
    maker = a_manufacturer()
    dealer = a_party("dealer", parent=maker)
    soy, oil, rice = a_product("SOY"), a_product("OIL"), a_product("RICE")
    a_price_list(maker, {soy: "60"}, per=12)
    a_price_list(maker, [(soy, "4", 0), (soy, "9", 100)])
    a_price_list(maker, {soy: "8", oil: "7"}, state="draft")
    a_price_list(maker, {oil: "6"}, starts_on=timezone.localdate() + timedelta(days=9))
    a_price_list(maker, {soy: "99"}, state="withdrawn")
    a_price_list(dealer, {rice: "5"})
    assert list_prices([soy.id, oil.id, rice.id]) == {soy.id: 5, oil.id: 7}


def test_a_planned_product_is_compared_by_price_too(in_acme):
    maker, sauces = a_manufacturer(), Category.objects.create(code="S", name="S")
    new = a_product("NEW", name="金标生抽", category=sauces, stage="trial")
    old = a_product("OLD", name="金标生抽王", category=sauces)
    a_price_list(maker, {old: "10"})
    a_price_list(maker, {new: "10.5"}, state="draft")
    assert [(one.sku, one.has_same_price) for one in overlaps_of(new)] == [("OLD", True)]
