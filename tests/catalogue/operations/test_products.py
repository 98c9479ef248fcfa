from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.rights import NotAllowed
from audit.models import AuditEntry
from catalogue.models import Barcode, Product, Unit
from catalogue.operations.products import BadProduct, ProductExists, add_product, edit_product
from catalogue.queries import products_like
from tests.factories import a_manufacturer, a_party, an_actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)
EAN = "6901234567892"


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def _soy(**values) -> Product:
    return Product(**{"sku": "LZ1012", "name": "金标生抽 500ml"} | values)


def test_a_product_comes_with_its_units_and_barcodes(director):
    product = add_product(
        product=_soy(), units={"箱": 12}, barcodes=[(EAN, ""), ("16901234567899", "箱")], by=director, at=AT
    )
    assert Unit.objects.get().factor == 12
    assert set(Barcode.objects.values_list("code", "unit__name")) == {(EAN, None), ("16901234567899", "箱")}
    assert AuditEntry.objects.get(target_id=str(product.id)).facts == {"sku": "LZ1012"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sku": ""}, "sku"),
        ({"sku": "x" * 61}, "sku"),
        ({"name": "  "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"base_unit": ""}, "base_unit"),
        ({"tax_rate": "1"}, "tax_rate"),
        ({"tax_rate": "-0.1"}, "tax_rate"),
        ({"tax_rate": "NaN"}, "tax_rate"),
        ({"tax_rate": "thirteen"}, "tax_rate"),
        ({"tax_rate": "0.13131"}, "tax_rate"),
        ({"stage": "new"}, "stage"),
    ],
)
def test_bad_input_names_its_field_and_saves_nothing(director, values, field):
    with pytest.raises(BadProduct) as refused:
        add_product(product=_soy(**values), by=director, at=AT)
    assert refused.value.field == field
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"units": {"箱": 0}}, "units.箱"),
        ({"units": {"箱": True}}, "units.箱"),
        ({"units": {"箱": 1.5}}, "units.箱"),
        ({"units": {"瓶": 2}}, "units"),
        ({"barcodes": [("6901234567890", "")]}, "barcodes[0].code"),
        ({"barcodes": [(EAN, ""), ("12", "")]}, "barcodes[1].code"),
        ({"barcodes": [(EAN, ""), (EAN, "")]}, "barcodes[1].code"),
        ({"barcodes": [(EAN, "箱")]}, "barcodes[0].unit"),
        ({"barcodes": [("６９０１２３４５６７８９２", "")]}, "barcodes[0].code"),
    ],
)
def test_a_bad_unit_or_barcode_is_named(director, more, field):
    with pytest.raises(BadProduct) as refused:
        add_product(product=_soy(), by=director, at=AT, **more)
    assert refused.value.field == field


def test_a_wrong_check_digit_says_the_right_one(director):
    with pytest.raises(BadProduct, match=EAN):
        add_product(product=_soy(), barcodes=[("6901234567890", "")], by=director, at=AT)


def test_a_sku_and_a_barcode_are_given_once(director):
    add_product(product=_soy(), barcodes=[(EAN, "")], by=director, at=AT)
    with pytest.raises(ProductExists) as refused, transaction.atomic():
        add_product(product=_soy(), by=director, at=AT)
    assert refused.value.field == "sku"
    with pytest.raises(ProductExists) as refused, transaction.atomic():
        add_product(product=_soy(sku="LZ2"), barcodes=[(EAN, "")], by=director, at=AT)
    assert refused.value.field == "barcodes[0].code"


def test_an_edit_keeps_the_search_words_true(director):
    product = add_product(product=_soy(), by=director, at=AT)
    product.name = "草菇老抽"
    edit_product(product=product, by=director, at=AT)
    assert products_like(Product.objects.all(), "老抽").count() == 1
    assert products_like(Product.objects.all(), "生抽").count() == 0


@pytest.mark.parametrize("typed", ["生抽", "jbsc", "shengchou", "lz10", "500ml", EAN, "金标 500"])
def test_a_product_is_found_by(director, typed):
    add_product(product=_soy(), barcodes=[(EAN, "")], by=director, at=AT)
    add_product(product=_soy(sku="LZ2002", name="鲜上鲜蚝油 700g"), by=director, at=AT)
    assert [product.sku for product in products_like(Product.objects.all(), typed)] == ["LZ1012"]


def test_a_dealer_sees_the_catalogue_and_may_not_change_it(director):
    add_product(product=_soy(), by=director, at=AT)
    dealer = an_actor(a_party())
    assert Product.objects.visible_to(dealer).count() == 1
    with pytest.raises(NotAllowed):
        add_product(product=_soy(sku="X"), by=dealer, at=AT)
