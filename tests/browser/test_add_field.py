"""The add field of the quick order with keyboard and scanner, and guesses that are confirmed by a click."""

import pytest
from django.utils import timezone

from catalogue.models import Product
from catalogue.operations.products import add_product
from ordering.models import Cart, Stock
from ordering.queries.quick_order.drafts import cart_lines
from pricing.models import PriceEntry, PriceList
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.browser.conftest import IN_A_BROWSER, a_context, axe, enter, listened_to
from tests.browser.withstand import settled
from tests.ordering.trade import ME, a_trade
from tests.people import a_membership, a_user

pytestmark = IN_A_BROWSER
GOODS = {
    "LZ-CE-25": ("珠江厨鸡粉908g", "桶", 4),
    "LZ-CE-21": ("珠江厨鸡粉40g", "袋", 24),
    "LZ-SY-15": ("岭珠生抽4.9L", "桶", 4),
}
BOTTLE = "6901234567892"


class Shop:
    def __init__(self, site):
        self.site, self.tenant = site, Tenant.objects.get(slug="acme")
        with tenant_active(self.tenant):
            trade = a_trade({}, on_hand=1000)
            PriceList.objects.update(state=PriceList.State.DRAFT)
            prices = PriceList.objects.get()
            for sku, (name, base_unit, factor) in GOODS.items():
                product = Product(sku=sku, name=name, base_unit=base_unit)
                codes = [(BOTTLE, "")] if sku == "LZ-SY-15" else []
                add_product(product=product, units={"箱": factor}, barcodes=codes, by=ME, at=timezone.now())
                PriceEntry.objects.create(price_list=prices, product=product, price="10.00", min_qty=0)
                Stock.objects.create(party=trade.seller, product=product, on_hand=1000)
            PriceList.objects.update(state=PriceList.State.PUBLISHED)
            self.person = a_membership(trade.buyer, "owner", a_user(first_name="陈志远"))

    @property
    def lines(self):
        with tenant_active(self.tenant):
            return {
                line.sku: (line.qty, line.unit) for cart in Cart.objects.all() for line in cart_lines(cart)
            }


def answered(page, act):
    with page.expect_response("**/orders/new/price"):
        act()
    settled(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_enter_takes_what_the_list_shows_and_a_scan_adds_one(served, browser, width):
    shop = Shop(served)
    context = a_context(browser, viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    faults = listened_to(page)
    enter(page, served, shop.person.id)
    page.goto(f"{served}/orders/new")

    page.focus("#typed")
    page.keyboard.type("雞粉 908")
    page.locator("#offers [data-takes-first]").wait_for()
    assert "1 箱 = 4 桶" in page.locator("#offers button").first.inner_text()
    answered(page, lambda: page.keyboard.press("Enter"))
    assert shop.lines == {"LZ-CE-25": (1, "箱")}
    assert "= 4 桶" in page.locator(".tp-lines").inner_text()

    for count in (1, 2):
        assert page.evaluate("document.activeElement.id") == "typed"
        page.keyboard.type(BOTTLE)
        answered(page, lambda: page.keyboard.press("Enter"))
        assert shop.lines["LZ-SY-15"] == (count, "")

    page.keyboard.type("1234")
    answered(page, lambda: page.keyboard.press("Enter"))
    assert set(shop.lines) == {"LZ-CE-25", "LZ-SY-15"}
    answered(page, lambda: page.locator("button[value=leave]").click())

    page.locator("details:has(#pasted) > summary").click()
    page.fill("#pasted", "老板好\n1. 岭珠生抽4.9L 5箱3桶\n鸡粉 20箱\n鸡粉40 2\n没有这个货 3\n谢谢🙏")
    answered(page, lambda: page.locator("button[value=paste]").first.click())
    assert shop.lines["LZ-SY-15"] == (25, "")
    assert "已跳过：老板好 / 谢谢" in page.locator("main").inner_text()
    answered(page, lambda: page.locator(".tp-candidate", has_text="LZ-CE-25").first.click())
    assert shop.lines["LZ-CE-25"] == (21, "箱")
    answered(page, lambda: page.locator("button[value=accept]").click())
    assert shop.lines["LZ-CE-21"] == (2, "箱")
    assert "没有这个货 3" in page.locator(".tp-unread").inner_text()
    assert page.input_value("#again") == "没有这个货 3"
    assert not faults
    assert axe(context, page) == []
    context.close()
