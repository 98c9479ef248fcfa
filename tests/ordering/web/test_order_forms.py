"""Order forms from real life, uploaded through the page that people use."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalogue.models import Unit
from ordering.models import Cart
from ordering.queries.quick_order.drafts import cart_lines
from tenancy.context import tenant_active
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db
CASES = Path(settings.BASE_DIR).parent / "shared" / "cases"
SKUS = ("LZ-CE-25", "LZ-CE-35", "LZ-CE-15", "LZ-CE-45")


@pytest.fixture
def purchaser(acme):
    with tenant_active(acme):
        trade = a_trade(dict.fromkeys(SKUS, "60.00"), on_hand=100_000)
        for product in trade.products:
            Unit.objects.create(product=product, name="箱", factor=4)
        return signed_in(a_membership(trade.buyer))


@pytest.mark.skipif(not CASES.is_dir(), reason="the files from real life lie beside the project")
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("q30-cn-form.xlsx", {"LZ-CE-25": (20, "箱"), "LZ-CE-35": (10, "箱")}),
        ("q31-price-unit-qty.xlsx", {"LZ-CE-25": (20, "箱")}),
        ("q42-unit-in-header.xlsx", {"LZ-CE-25": (20, "箱")}),
        ("q01-serial-first.xlsx", {"LZ-CE-25": (20, "箱"), "LZ-CE-35": (10, "箱")}),
        ("q35-amount-after-qty.xlsx", {"LZ-CE-25": (20, "箱")}),
        ("q23-zeros.xlsx", {"LZ-CE-25": (20, "箱")}),
        ("q10-title.csv", {"LZ-CE-25": (20, "箱"), "LZ-CE-35": (10, "箱")}),
    ],
)
def test_an_uploaded_order_form_becomes_the_draft(acme, purchaser, name, lines):
    file = SimpleUploadedFile(name, (CASES / name).read_bytes())
    page = purchaser.post(reverse("order-new-price"), {"action": "paste", "file": file}, follow=True)
    assert page.status_code == 200
    with tenant_active(acme):
        stored = cart_lines(Cart.objects.get())
        assert {line.sku: (line.qty, line.unit) for line in stored} == lines


@pytest.mark.skipif(not CASES.is_dir(), reason="the files from real life lie beside the project")
def test_rows_that_order_nothing_are_counted_in_one_sentence(purchaser):
    file = SimpleUploadedFile("q23-zeros.xlsx", (CASES / "q23-zeros.xlsx").read_bytes())
    page = purchaser.post(reverse("order-new-price"), {"action": "paste", "file": file}, follow=True)
    assert "3 行没有数量" in page.content.decode()
