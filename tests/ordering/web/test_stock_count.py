"""Stock entered by a dealer's warehouse: counts and receipts, in units, of its own stock only."""

import pytest
from django.urls import reverse

from catalogue.models import Product, Unit
from catalogue.operations.products import reindex_products
from ordering.models import Stock, StockMovement
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db
PAGE = reverse("stock-count")


@pytest.fixture
def scene(acme):
    scene = Scene(acme)
    with scene.inside():
        Unit.objects.create(product=Product.objects.get(sku="A"), name="箱", factor=12)
    return scene


def warehouse(scene):
    return scene.as_("warehouse", scene.trade.buyer)


def quantity(scene, sku):
    with scene.inside():
        found = Stock.objects.filter(party=scene.trade.buyer, product__sku=sku).first()
        return found.on_hand if found else None


def typed(scene, **quantities):
    with scene.inside():
        ids = dict(Product.objects.values_list("sku", "id"))
    return {f"qty-{ids[sku]}": text for sku, text in quantities.items()}


def test_a_count_replaces_and_a_receipt_adds(scene):
    page = warehouse(scene).post(PAGE, {"kind": "count"} | typed(scene, A="5箱3瓶", B=""))
    assert page.url == reverse("stock")
    assert (quantity(scene, "A"), quantity(scene, "B")) == (63, None)
    received = {"kind": "receipt", "document": "GR-9"} | typed(scene, A="12")
    warehouse(scene).post(PAGE, received)
    warehouse(scene).post(PAGE, received)
    assert quantity(scene, "A") == 75
    with scene.inside():
        moved = StockMovement.objects.filter(stock__party=scene.trade.buyer)
        assert sorted(moved.values_list("qty", flat=True)) == [12, 63]
        assert Stock.objects.get(party=scene.trade.seller, product__sku="A").on_hand == 100


@pytest.mark.parametrize(
    ("quantities", "message"),
    [({"A": "1,5"}, "more than one meaning"), ({"A": "3托"}, "unit that the product"), ({}, "at least one")],
)
def test_a_wrong_quantity_is_refused_and_stays_typed(scene, quantities, message):
    page = warehouse(scene).post(PAGE, {"kind": "count"} | typed(scene, **quantities))
    assert page.status_code == 422
    assert message in text_of(page)
    assert quantity(scene, "A") is None
    assert all(f'value="{text}"' in page.content.decode() for text in quantities.values())


@pytest.mark.parametrize("role", ["purchaser", "finance", "sales_rep"])
def test_only_who_may_change_stock_enters_it(scene, role):
    assert scene.as_(role, scene.trade.buyer).get(PAGE).status_code == 403
    assert PAGE not in scene.as_(role, scene.trade.buyer).get(reverse("stock")).content.decode()


def test_products_are_searched(scene):
    with scene.inside():
        reindex_products()
    page = warehouse(scene).get(PAGE, {"q": "B"})
    assert [row["product"].sku for row in page.context["rows"]] == ["B"]
