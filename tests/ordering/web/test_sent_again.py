"""A form sent again: the same content shows the first document with a note, other content is refused."""

import pytest
from django.urls import reverse

from ledger.models import Book, Journal
from ordering.models import Order, Return, Shipment
from ordering.operations.shipping import ship
from tests.ordering.trade import AT, ME, Trade, confirmed, delivered
from tests.ordering.web.test_quick_order import form_of
from tests.scene import Scene, said, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


def sent_again(client, url, form, other, *named):
    """Send a form, again, and with other content: the same page, then a refusal with a link to it."""
    first = client.post(url, form | {"once": "t" * 20})
    assert first.status_code == 302, text_of(first)
    again = client.post(url, form | {"once": "t" * 20})
    assert (again.status_code, again.url) == (302, first.url)
    assert "sent before" in said(again)[-1]
    refused = client.post(url, form | other | {"once": "t" * 20})
    assert refused.status_code == 409
    text = text_of(refused)
    assert "Nothing was done now" in text
    for words in named:
        assert words in text, text
    assert f'href="{first.url}"' in refused.content.decode()
    return first


def test_a_shipment(scene):
    order = scene.order(confirmed)
    url = reverse("order-ship", args=[order.id])
    sent_again(scene.director, url, {"qty-1": "2", "qty-2": "1"}, {"qty-1": "9"}, "A: 2 → 9")
    with scene.inside():
        assert Shipment.objects.count() == 1


def test_a_receipt(scene):
    order = scene.order(confirmed)
    with scene.inside():
        shipment = ship(order_id=order.id, by=ME, at=AT)
    url = reverse("shipment-receive", args=[shipment.id])
    sent_again(scene.buyer, url, {"signed_by": "王"}, {"signed_by": "李"}, "王 → 李")
    with scene.inside():
        assert Shipment.objects.get().signed_by == "王"


def test_a_return(scene):
    order = scene.order(delivered)
    url = reverse("return-new", args=[order.id])
    form = {"qty-1": "1", "reason": "leaks"}
    sent_again(scene.director, url, form, {"qty-1": "3", "reason": "late"}, "A: 1 → 3", "leaks → late")
    with scene.inside():
        assert Return.objects.count() == 1


def test_a_payment(scene):
    scene.order(Trade.place)
    with scene.inside():
        book = Book.objects.get()
    form = {"what": "payment", "amount": "100.00", "voucher": "BANK-1"}
    sent_again(
        scene.director,
        reverse("book", args=[book.id]),
        form,
        {"amount": "900.00"},
        "Amount: 100.00 → 900.00",
    )
    with scene.inside():
        assert Journal.objects.filter(kind="payment").count() == 1


def test_a_quick_order(scene):
    scene.buyer.post(reverse("order-new-price"), {"action": "paste", "pasted": "A 2"}, follow=True)
    form = form_of(scene.buyer.get(reverse("order-new"))) | {"reference": "PO 1"}
    sent_again(scene.buyer, reverse("order-new-place"), form, {"qty": ["400"]}, "A: 2 → 400")
    with scene.inside():
        assert Order.objects.get().reference == "PO 1"
