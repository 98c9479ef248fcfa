"""A draft says what changed since it was filled; a rise is accepted before the order is placed."""

import pytest
from django.urls import reverse

from catalogue.models import Product
from ordering.models import Cart, Order
from pricing.models import PriceList, Scheme
from tests.factories import a_price_list, a_scheme
from tests.ordering.web.test_quick_order import form_of
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db
NEW, PRICE, PLACE = reverse("order-new"), reverse("order-new-price"), reverse("order-new-place")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def filled(scene):
    """A draft that its buyer filled: two lines, displayed with their prices."""
    scene.buyer.post(PRICE, {"pasted": "A 10\nB 3", "version": "0"}, follow=True)
    with scene.inside():
        assert set(Cart.objects.get().filled["lines"]) == {"A", "B"}


def reprice(scene, price):
    with scene.inside():
        PriceList.objects.update(state="withdrawn")
        a_price_list(scene.trade.seller, {one: price for one in scene.trade.products if one.sku == "A"})


def test_prices_and_schemes_that_changed_are_named_and_a_rise_is_accepted(scene):
    with scene.inside():
        a_scheme(
            scene.trade.seller,
            "order_amount",
            {"steps": [{"from": "1", "amount_off": "2"}]},
            name="开门红",
        )
    filled(scene)
    assert "Changed since this draft was filled" not in text_of(scene.buyer.get(NEW))
    reprice(scene, "5.50")
    with scene.inside():
        Scheme.objects.update(state="withdrawn")
    page = scene.buyer.get(NEW)
    text = text_of(page)
    assert "list price up from 5.0000 to 5.5000" in text
    assert "has ended; it saved 2.00" in text
    assert "Product B (B) can no longer be ordered" in text
    form = form_of(page)
    refused = scene.buyer.post(PLACE, form)
    assert refused.status_code == 422
    assert "Prices have risen since this draft was filled" in text_of(refused)
    with scene.inside():
        assert not Order.objects.exists()
    rise = str(page.context["changes_since"].rise)
    assert rise == "7.00"
    scene.buyer.post(PLACE, form_of(refused) | {"accepted_rise": rise})
    with scene.inside():
        assert [line.sku for line in Order.objects.get().lines.all()] == ["A"]


def test_a_lower_price_is_named_and_needs_no_acceptance(scene):
    filled(scene)
    reprice(scene, "4")
    page = scene.buyer.get(NEW)
    assert "list price down from 5.0000 to 4.0000" in text_of(page)
    scene.buyer.post(PLACE, form_of(page))
    with scene.inside():
        assert Order.objects.exists()


def test_the_new_prices_are_accepted_without_placing(scene):
    filled(scene)
    reprice(scene, "5.50")
    page = scene.buyer.get(NEW)
    assert page.context["changes_since"]
    scene.buyer.post(PRICE, form_of(page) | {"action": "accept_prices"}, follow=True)
    page = scene.buyer.get(NEW)
    assert not page.context["changes_since"]
    scene.buyer.post(PLACE, form_of(page))
    with scene.inside():
        assert Order.objects.exists()


def test_a_change_of_quantity_keeps_the_change_until_it_is_accepted(scene):
    filled(scene)
    reprice(scene, "5.50")
    form = form_of(scene.buyer.get(NEW))
    form["qty"] = ["20", *form["qty"][1:]]
    scene.buyer.post(PRICE, form, follow=True)
    changes = scene.buyer.get(NEW).context["changes_since"]
    assert [float(one.now) for one in changes.prices] == [5.5]
    assert str(changes.rise) == "10.00"


def test_stock_that_ran_out_cites_no_clause(scene):
    with scene.inside():
        product = Product.objects.get(sku="A")
        scene.trade.seller.limits.create(product=product, clause="§ 9", floor="9", action="advise")
        scene.trade.stock("A").__class__.objects.filter(product=product).update(on_hand=3)
    scene.buyer.post(PRICE, {"pasted": "A 10", "version": "0"}, follow=True)
    page = text_of(scene.buyer.get(NEW))
    assert "There is not enough in stock" in page
    assert "§ 9" not in page


def test_advice_is_called_advice(scene):
    with scene.inside():
        product = Product.objects.get(sku="A")
        scene.trade.seller.limits.create(product=product, clause="§ 9", floor="9", action="advise")
    scene.buyer.post(PRICE, {"pasted": "A 10", "version": "0"}, follow=True)
    page = text_of(scene.buyer.get(NEW))
    assert "Advice only" in page
    cart = {"sku": "A"}
    why = text_of(scene.buyer.get(reverse("order-new-why"), cart))
    assert "below the advised price" in why
    assert "below the floor" not in why
