"""Prices asked for in cases and bottles, and the drawer that shows why."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import Unit
from tests.factories import a_scheme
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    found = Scene(acme)
    with found.inside():
        Unit.objects.create(product=found.trade.products[0], name="箱", factor=12)
    return found


def asked(scene, lines):
    sku = scene.trade.products[0].sku
    given = {"buyer": scene.trade.buyer.code, "lines": lines.replace("SKU", sku)}
    return scene.director.post(reverse("quote"), given)


def quantities(page):
    return [(row["line"].qty, row["in_units"]) for row in page.context.get("rows", ())]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("SKU 5 箱", (60, "5 箱")),
        ("SKU,5箱", (60, "5 箱")),
        ("SKU\t5", (60, "5 箱")),
        ("SKU", (12, "1 箱")),
        ("SKU 2 箱\nSKU 3", (60, "")),
        ("SKU 2 箱\nSKU 3 瓶", (27, "")),
        ("SKU ５　箱", (60, "5 箱")),
    ],
)
def test_a_quantity_is_in_the_unit_that_is_named_or_the_ordering_unit(scene, lines, told):
    assert quantities(asked(scene, lines)) == [told]


def test_the_base_unit_may_be_named_too(scene):
    base = scene.trade.products[0].base_unit
    assert quantities(asked(scene, f"SKU 7 {base}")) == [(7, "")]


def test_a_unit_that_there_is_none_of_is_said_with_those_that_there_are(scene):
    page = asked(scene, "SKU 5 托")
    assert quantities(page) == []
    assert "箱" in page.context["wrong"][0]
    assert "托" in page.context["wrong"][0]


def test_the_drawer_of_another_page_brings_the_looks_of_what_it_shows(scene):
    sku = scene.trade.products[0].sku
    why = reverse("price-why") + f"?buyer={scene.trade.buyer.code}&sku={sku}&qty=1"
    drawer = scene.director.get(why, headers={"HX-Request": "true", "HX-Target": "drawer"})
    assert "rooms/pricing.css" in drawer.content.decode()


def test_discounts_are_subtracted_and_gifts_and_special_prices_are_not(scene):
    seller, (first, second, *_more) = scene.trade.seller, scene.trade.products
    with scene.inside():
        a_scheme(seller, "special_price", {"skus": [first.sku], "price": "1.00"}, code="SPECIAL")
        a_scheme(seller, "order_amount", {"steps": [{"from": "1", "amount_off": "2.50"}]}, code="OFF")
        gift = {"skus": [first.sku], "buy": 10, "free": 1, "gift_sku": second.sku}
        a_scheme(seller, "free_goods", gift, code="GIFT")
        same = {"skus": [first.sku], "buy": 20, "free": 1}
        a_scheme(seller, "free_goods", same, code="SAME")
    page = asked(scene, "SKU 20")
    facts, quote = page.context, page.context["priced"].quote
    assert [(code, worth) for code, _kind, worth in facts["discounts"]] == [("OFF", Decimal("2.50"))]
    assert quote.subtotal - sum(worth for *_scheme, worth in facts["discounts"]) == quote.total
    assert {code for code, *_ in facts["included"]} == {"SPECIAL", "GIFT", "SAME"}
    shown = text_of(page)
    assert "−2.50" in shown
    assert "in the prices and quantities above" in shown
