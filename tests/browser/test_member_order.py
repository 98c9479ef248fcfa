"""A member's order on a phone, with scripts and without one."""

from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import Unit
from catalogue.operations.products import product_search
from ordering.models import Order
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.factories import a_manufacturer, a_party, a_scheme
from tests.ordering.trade import a_trade
from tests.people import a_membership, a_user

pytestmark = IN_A_BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "reduced_motion": "reduce"}
GOODS = {
    "LZ1012": ("金标生抽 500ml", "7.50"),
    "LZ2021": ("鲜上鲜蚝油 700g", "9.20"),
    "LZ3050": ("广式料酒", "5.40"),
}


class Shop:
    def __init__(self, site: str) -> None:
        self.site, self.tenant = site, Tenant.objects.get(slug="acme")
        with tenant_active(self.tenant):
            maker = a_manufacturer(name="岭珠味业")
            dealer = a_party("dealer", parent=maker, code="HF", name="肇庆恒丰粮油贸易")
            member = a_party("member", parent=dealer, code="CJ", name="四会陈记调味批发部")
            prices = {sku: price for sku, (_name, price) in GOODS.items()}
            trade = a_trade(prices, seller=dealer, buyer=member, on_hand=600)
            for product in trade.products:
                product.name = GOODS[product.sku][0]
                product.base_unit, product.search = "瓶", product_search(product)
                product.save()
                Unit.objects.create(product=product, name="箱", factor=12)
            steps = [{"from": "1000", "percent_off": "0.02"}]
            a_scheme(dealer, "step", {"steps": steps}, code="S-1", name="满千减二")
            self.person = a_membership(member, "owner", a_user(first_name="陈志远"))

    def orders(self) -> list[Any]:
        with tenant_active(self.tenant):
            return [(one.total, one.state, one.note) for one in Order.objects.order_by("placed_at")]


@pytest.fixture
def shop(served):
    return Shop(served)


def opened(shop, browser, **more):
    context = a_context(browser, **PHONE, **more)
    page = context.new_page()
    enter(page, shop.site, shop.person.id)
    page.goto(f"{shop.site}/m/order")
    return context, page


def pressed(page, locator):
    with page.expect_navigation():
        locator.click()


def row(page, name):
    return page.locator("#member-order li", has_text=name)


def test_steppers_count_the_total_and_two_taps_place_one_order(shop, browser):
    context, page = opened(shop, browser)
    said = listened_to(page)
    total = page.locator("#order-total .tp-big")
    for _case in range(12):
        row(page, "生抽").locator("[data-step='1']").click()
    page.wait_for_function("() => document.querySelector('#order-total .tp-big').textContent === '¥1,058.40'")
    row(page, "蚝油").locator("input").fill("1")
    row(page, "蚝油").locator("input").press("Tab")
    page.wait_for_function("() => document.querySelector('#order-total .tp-big').textContent === '¥1,166.59'")
    assert total.inner_text() == "¥1,166.59"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(context, page) == []
    page.screenshot(path=SCREENS / "member-order-390.png")
    with page.expect_navigation(wait_until="networkidle"):
        page.evaluate(
            "() => { const button = document.querySelector('#member-order [value=place]');"
            " button.click(); button.click(); }"
        )
    assert [(one, state) for one, state, _note in shop.orders()] == [(Decimal("1166.59"), "placed")]
    assert "/orders/" in page.url
    assert said == []
    page.goto(f"{shop.site}/m/order")
    assert row(page, "生抽").locator("input").input_value() in ("", "0"), "a sent draft is not brought back"
    context.close()


def test_what_was_typed_survives_a_refusal_and_another_visit(shop, browser):
    context, page = opened(shop, browser)
    row(page, "生抽").locator("input").fill("60")
    page.locator("#note").fill("后门卸货")
    page.locator("#note").press("Tab")
    page.locator("#order-total .tp-bad").wait_for()
    with page.expect_navigation():
        page.locator("#member-order [value=place]").click()
    assert row(page, "生抽").locator("input").input_value() == "60"
    assert page.locator("#note").input_value() == "后门卸货"
    assert "现货" in row(page, "生抽").inner_text()
    page.screenshot(path=SCREENS / "member-order-390-refused.png")
    assert shop.orders() == []
    context.close()


def test_it_works_without_script(shop, browser):
    context, page = opened(shop, browser, java_script_enabled=False)
    row(page, "生抽").locator("input").fill("2")
    page.locator("#note").fill("后门卸货")
    pressed(page, page.locator("#member-order [value=total]"))
    assert page.locator("#order-total .tp-big").inner_text() == "¥180.00"
    pressed(page, page.locator("#member-order [value=place]"))
    assert shop.orders() == [(Decimal("180.00"), "placed", "后门卸货")]

    page.goto(f"{shop.site}/m/order")
    row(page, "料酒").locator("input").fill("1")
    pressed(page, page.locator("#member-order [value=place]"))
    assert "请看一下，再下单" in page.locator("main").inner_text(), "the total is seen before it is sent"
    assert len(shop.orders()) == 1
    pressed(page, page.locator("#member-order [value=place]"))
    assert shop.orders()[-1][:2] == (Decimal("64.80"), "placed")

    page.goto(f"{shop.site}/m/order")
    row(page, "料酒").locator("input").fill("很多")
    pressed(page, page.locator("#member-order [value=place]"))
    assert row(page, "料酒").locator("input").input_value() == "很多"
    assert "不是数字" in row(page, "料酒").inner_text()
    context.close()
