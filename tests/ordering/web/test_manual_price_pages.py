"""A price set by hand on the desk: its form, its marks, its report; and who sees what."""

from decimal import Decimal

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from ordering.models import Cart, ManualPrice, Order
from tests.ordering.web.test_quick_order import form_of
from tests.scene import Scene, rows_in, text_of

pytestmark = pytest.mark.django_db
FORM, PLACE, WHY = reverse("order-new-override"), reverse("order-new-place"), reverse("order-new-why")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def a_draft(scene):
    with scene.inside():
        return Cart.objects.create(
            seller=scene.trade.seller,
            buyer=scene.trade.buyer,
            saved_at="2026-06-01T00:00Z",
            lines=[{"sku": "A", "qty": 10, "unit": ""}, {"sku": "B", "qty": 3, "unit": ""}],
        )


def of(cart, sku="A", **more):
    return {"cart": str(cart.id), "buyer": str(cart.buyer_id), "sku": sku} | more


def set_price(client, cart, price="4.50", version=1, **more):
    return client.post(FORM, of(cart, version=version, price=price, reason="开业首单", **more))


def desk_of(client, cart):
    return client.get(reverse("order-new"), {"buyer": str(cart.buyer_id), "cart": str(cart.id)})


def test_the_director_sets_a_price_and_the_order_and_the_report_have_it(scene):
    cart = a_draft(scene)
    assert "Set a price" in text_of(desk_of(scene.director, cart))
    assert "5.0000" in text_of(scene.director.get(FORM, of(cart)))
    assert set_price(scene.director, cart).status_code == 302
    page = desk_of(scene.director, cart)
    assert "Change the manual price" in text_of(page)
    why = text_of(scene.director.get(WHY, of(cart)))
    assert "set the price 4.5000 by hand" in why
    assert "开业首单" in why
    scene.director.post(PLACE, form_of(page))
    with scene.inside():
        order = Order.objects.get()
        assert (order.total, ManualPrice.objects.get().difference) == (Decimal("75.03"), Decimal("-5.00"))
    text = text_of(scene.director.get(reverse("order", args=[order.id])))
    assert "Manual price" in text
    assert "开业首单" in text
    for_buyer = text_of(scene.buyer.get(reverse("order", args=[order.id])))
    assert "Manual price" in for_buyer
    assert "开业首单" not in for_buyer
    report = scene.director.get(reverse("manual-prices"))
    assert [row.sku for row in rows_in(report)] == ["A"]
    assert "开业首单" in text_of(report)
    assert rows_in(scene.director.get(reverse("manual-prices"), {"direction": "above"})) == []
    assert rows_in(scene.director.get(reverse("manual-prices"), {"direction": "below"})) != []
    assert rows_in(scene.buyer.get(reverse("manual-prices"))) == []


def test_the_price_survives_a_new_quantity_and_is_withdrawn(scene):
    cart = a_draft(scene)
    set_price(scene.director, cart)
    page = desk_of(scene.director, cart)
    form = form_of(page)
    form["qty"] = ["20", *form["qty"][1:]]
    scene.director.post(reverse("order-new-price"), form)
    with scene.inside():
        stored = Cart.objects.get()
        assert (stored.lines[0]["qty"], stored.lines[0]["manual"]["price"]) == (20, "4.50")
    scene.director.post(FORM, of(cart, version=stored.version, action="clear"))
    with scene.inside():
        assert "manual" not in Cart.objects.get().lines[0]
        assert AuditEntry.objects.filter(action="order.clear_price").count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"price": "1,5"}, "more than one meaning"),
        ({"price": "-1"}, "negative"),
        ({"price": ""}, "required"),
        ({"reason": " "}, "required"),
    ],
)
def test_a_wrong_price_keeps_what_was_typed(scene, typed, message):
    cart = a_draft(scene)
    page = scene.director.post(FORM, of(cart, version=1) | {"price": "4", "reason": "x"} | typed)
    assert page.status_code == 422
    assert message in text_of(page)
    with scene.inside():
        assert "manual" not in Cart.objects.get().lines[0]


def test_a_price_typed_for_an_older_draft_changes_nothing(scene):
    cart = a_draft(scene)
    set_price(scene.director, cart)
    set_price(scene.director, cart, "3")
    with scene.inside():
        assert Cart.objects.get().lines[0]["manual"]["price"] == "4.50"


def test_a_buyer_and_people_without_the_right_type_no_price(scene):
    cart = a_draft(scene)
    for client in (scene.buyer, scene.as_("sales_rep")):
        assert set_price(client, cart).status_code in (403, 404)
        assert "Set a price" not in text_of(desk_of(client, cart)) if client is scene.buyer else True
    form = form_of(desk_of(scene.buyer, cart))
    scene.buyer.post(reverse("order-new-price"), form | {"price": ["1"], "manual": ["1"]})
    with scene.inside():
        assert all("manual" not in line for line in Cart.objects.get().lines)
