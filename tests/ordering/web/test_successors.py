"""A line of a product that is being phased out is replaced by its successor with one click."""

import pytest
from django.urls import reverse

from catalogue.models import Product, Unit, UnitName
from catalogue.queries import forget_unit_names
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.models import Cart
from ordering.queries.quick_order.drafts import cart_lines
from tenancy.context import tenant_active
from tenancy.models import new_id
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db
NEW, PRICE = reverse("order-new"), reverse("order-new-price")


class Desk:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.trade = a_trade({"A": "5.00", "B": "10.00"}, on_hand=1000)
            Product.objects.filter(sku="A").update(stage="ending", successor=Product.objects.get(sku="B"))
            self.client = signed_in(a_membership(self.trade.buyer))

    def change(self, **form):
        self.client.post(PRICE, form, follow=True)
        return self.client.get(NEW).content.decode()

    def replace(self, sku):
        with tenant_active(self.tenant):
            cart = Cart.objects.get()
            form = {"cart": str(cart.id), "version": str(cart.version)}
        return self.change(action=f"successor:{sku}", **form)

    @property
    def lines(self):
        with tenant_active(self.tenant):
            return cart_lines(Cart.objects.get())


@pytest.fixture
def desk(acme):
    return Desk(acme)


def test_the_line_offers_the_successor_and_takes_it_with_its_quantity(desk):
    page = desk.change(action="paste", pasted="A 7")
    assert 'value="successor:A"' in page
    page = desk.replace("A")
    assert desk.lines == [CartLine("B", 7)]
    assert "successor:" not in page


def test_a_successor_on_the_draft_already_gets_both_quantities(desk):
    desk.change(action="paste", pasted="A 7\nB 3")
    desk.replace("A")
    assert desk.lines == [CartLine("B", 10)]


@pytest.mark.parametrize("sku", ["B", "NONE"])
def test_a_line_without_a_successor_stays(desk, sku):
    desk.change(action="paste", pasted="A 7\nB 3")
    desk.replace(sku)
    assert desk.lines == [CartLine("A", 7), CartLine("B", 3)]


def test_an_ended_successor_is_not_offered(desk):
    with tenant_active(desk.tenant):
        Product.objects.filter(sku="B").update(stage="ended")
    assert "successor:A" not in desk.change(action="paste", pasted="A 7")


def test_a_unit_that_the_successor_does_not_have_becomes_base_units():
    old = SheetProduct(new_id(), "A", "A", "瓶", "ending", (("箱", 12),))
    new = SheetProduct(new_id(), "B", "B", "瓶", "active", (("提", 6),))
    assert new.with_quantity_of(old, CartLine("A", 2, "箱")) == CartLine("B", 24)
    assert new.with_quantity_of(old, CartLine("A", 2)) == CartLine("B", 2)
    assert old.with_quantity_of(new, CartLine("B", 3, "箱")) == CartLine("A", 3, "箱")


def test_the_tenants_own_english_words_are_read_in_typed_quantities(desk):
    with tenant_active(desk.tenant):
        forget_unit_names()
        UnitName.objects.create(name="箱", name_en="crate", plural_en="crates")
        a, _b = Product.objects.order_by("sku")
        if not Unit.objects.filter(product=a, name="箱").exists():
            Unit.objects.create(product=a, name="箱", factor=12)
    desk.change(action="paste", pasted="A 5 crates\nB 1")
    assert desk.lines[0] == CartLine("A", 5, "箱")
    with tenant_active(desk.tenant):
        forget_unit_names()
