"""The signed slip on the page of a shipment."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ordering.models import DeliverySlip, Shipment
from ordering.operations.shipping import ship
from ordering.operations.timed_out_receipts import receive_timed_out
from tests.ordering.domain.test_delivery_slips import JPEG, PDF
from tests.ordering.trade import ME, confirmed
from tests.scene import Scene, said, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def shipment(scene):
    order = scene.order(confirmed)
    with scene.inside():
        return ship(order_id=order.id, by=ME, at=timezone.now())


def upload(client, shipment, content=JPEG, name="slip.exe"):
    url = reverse("slip-add", args=[shipment.id])
    return client.post(url, {"slip": SimpleUploadedFile(name, content, "text/html")})


def test_the_seller_uploads_and_both_sides_see_it(scene, shipment):
    page = reverse("shipment", args=[shipment.id])
    assert reverse("slip-add", args=[shipment.id]) in scene.director.get(page).content.decode()
    assert upload(scene.director, shipment).url == page
    with scene.inside():
        slip = DeliverySlip.objects.get()
    for client in (scene.director, scene.buyer):
        text = text_of(client.get(page))
        assert "slip.jpg" in text
        assert "count as received on" in text
        file = client.get(reverse("slip", args=[slip.id]))
        assert (file.content, file["Content-Type"]) == (JPEG, "image/jpeg")
        assert (file["X-Content-Type-Options"], file["Cache-Control"]) == ("nosniff", "private, no-store")
    assert reverse("slip-add", args=[shipment.id]) not in scene.buyer.get(page).content.decode()
    assert scene.other.get(reverse("slip", args=[slip.id])).status_code == 404


def test_a_pdf_is_downloaded(scene, shipment):
    upload(scene.director, shipment, PDF, "签收.pdf")
    with scene.inside():
        slip = DeliverySlip.objects.get()
    assert scene.buyer.get(reverse("slip", args=[slip.id]))["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(("content", "words"), [(b"<html>", "JPEG, PNG, WebP"), (b"", "not empty")])
def test_what_is_no_slip_is_refused(scene, shipment, content, words):
    assert words in said(upload(scene.director, shipment, content, "slip.jpg"))[0]
    with scene.inside():
        assert not DeliverySlip.objects.exists()


def test_a_receipt_by_time_out_is_named(scene, shipment):
    upload(scene.director, shipment)
    with scene.inside():
        Shipment.objects.update(shipped_at="2026-01-01T00:00Z", slip_at="2026-01-02T00:00Z")
        assert receive_timed_out(by=ME, at=timezone.now()) == 1
    page = scene.buyer.get(reverse("shipment", args=[shipment.id]))
    assert "by time-out, with the signed slip" in text_of(page)
    assert reverse("shipment-receive", args=[shipment.id]) not in page.content.decode()
