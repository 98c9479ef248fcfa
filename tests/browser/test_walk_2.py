"""A dealer's order from the search to the rebate, in Chinese, at a desk and on a phone."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from catalogue.models import Product, Unit
from catalogue.operations.products import index_products, product_search
from dealers.models import Membership, Party
from ledger.models import Book
from ledger.operations.books import open_books
from ledger.operations.held_money import move_held_money
from ordering.models import Order, Shipment, Stock
from ordering.operations.confirming import release_affordable
from pricing.models import Limit
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.browser.withstand import settled
from tests.factories import a_manufacturer, a_party, a_price_list, a_program, a_scheme, an_actor
from tests.people import a_membership, a_user

pytestmark = IN_A_BROWSER
KINDS = ("金标生抽", "草菇老抽", "鲜上鲜蚝油", "原晒豆酱", "白米醋", "广式料酒", "鲜鸡粉", "蒜蓉辣酱")
MANY = 204


@dataclass
class Walk:
    tenant: Tenant
    maker: Party
    dealer: Party
    book_id: Any
    owner: Membership
    director: Membership


def someone(party, role, name):
    return a_membership(party, role, user=a_user(first_name=name))


@pytest.fixture
def walk(served):
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        maker = a_manufacturer(code="LZ", name="岭珠味业")
        maker.tracks_stock = True
        maker.save()
        dealer = a_party("dealer", parent=maker, code="HF", name="肇庆恒丰粮油贸易")
        goods = [
            Product(sku=f"LZ{1000 + at}", name=f"{KINDS[at % 8]} {at // 8 + 1} 号", base_unit="瓶")
            for at in range(MANY)
        ]
        for one in goods:
            one.search = product_search(one)
        Product.objects.bulk_create(goods)
        index_products(goods)
        Unit.objects.bulk_create(Unit(product=one, name="箱", factor=12) for one in goods)
        a_price_list(maker, dict.fromkeys(goods, "6.50"), code="PL-HX", name="核心经销商价")
        a_price_list(
            maker, [(goods[0], "6.20", 1200)], code="PL-L", name="整托价", audience=("level", "dealer")
        )
        steps = [{"from": "2400", "percent_off": "0.025"}, {"from": "3600", "percent_off": "0.04"}]
        soy = [one.sku for one in goods if "抽" in one.name]
        terms = {"measure": "quantity", "skus": soy, "steps": steps}
        a_scheme(maker, "step", terms, code="S-JY", name="酱油季")
        eight = {"buy": 8, "free": 1, "mode": "unit", "skus": [goods[2].sku, goods[10].sku]}
        a_scheme(maker, "free_goods", eight, code="S-81", name="8送1")
        Limit.objects.create(seller=maker, product=goods[10], clause="3.6", floor="6.00", action="block")
        Stock.objects.bulk_create(Stock(party=maker, product=one, on_hand=20_000) for one in goods)
        today = timezone.localdate()
        a_program(
            maker,
            [(1000, "0.02"), (20000, "0.03")],
            name="年度返利",
            starts_on=today.replace(month=1, day=1),
            until=today.replace(year=today.year + 1, month=1, day=1),
        )
        pair = (maker.id, dealer.id)
        book_id = open_books([pair])[pair]
        Book.objects.filter(id=book_id).update(credit_limit=20_000)
        found = Walk(
            tenant,
            maker,
            dealer,
            book_id,
            someone(dealer, "owner", "梁敏"),
            someone(maker, "director", "周启明"),
        )
        someone(maker, "finance", "何嘉欣")
    return found


@dataclass
class Seen:
    """A page that keeps what it shows, and complains of what it must not have."""

    context: Any
    page: Any
    said: list[str]
    width: int
    number: int = 0
    language: str = ""

    def kept(self, name):
        self.number += 1
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, name
        assert axe(self.context, self.page) == [], name
        assert self.said == [], name
        which = f"{self.language}-{self.width}" if self.language else str(self.width)
        file = SCREENS / f"walk2-{which}-{self.number:02}-{name}.png"
        self.page.screenshot(path=file, caret="initial", full_page=False)


def opened(browser, site, membership, width, language=""):
    context = a_context(
        browser,
        viewport={"width": width, "height": 900 if width > 600 else 844},
        locale=language or "zh-CN",
        reduced_motion="reduce",
    )
    page = context.new_page()
    enter(page, site, membership.id)
    return Seen(context, page, listened_to(page), width, language=language)


def priced(page):
    """The sheet after what was changed: the answer is there and shown."""
    settled(page)


def projected_so_far(page, served):
    """What the rail says of the rebate, beside a draft of one case more."""
    page.goto(f"{served}/orders/new")
    page.fill("#typed", "LZ1001 1箱")
    with page.expect_response("**/orders/new/price"):
        page.keyboard.press("Enter")
    priced(page)
    page.locator("#projection").wait_for()
    return page.locator("#projection .tp-small").first.inner_text()


def pressed(page, locator):
    with page.expect_navigation(wait_until="networkidle"):
        locator.click()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dealer_orders_is_held_pays_receives_returns_and_sees_the_rebate(walk, served, browser, width):
    seen = opened(browser, served, walk.owner, width)
    page = seen.page
    page.goto(f"{served}/orders/new")
    seen.kept("empty")

    page.keyboard.press("/")
    page.keyboard.type("金标 2 号")
    page.locator("#offers button").first.wait_for()
    seen.kept("found")
    with page.expect_response("**/orders/new/price"):
        page.locator("#offers button").first.click()
    priced(page)
    assert page.locator(".tp-lines tbody tr").count() == 1

    rows = [f"LZ{1000 + at}\t{1 + at % 3}\t箱" for at in range(MANY) if at not in (8, 10, 16, 24)]
    rows[5] = "没有这个货\t3\t箱"
    rows[0] = "LZ1000\t120\t箱"
    page.locator("details:has(#pasted) > summary").click()
    page.locator("#pasted").wait_for()
    page.fill("#pasted", "\n".join(rows))
    with page.expect_response("**/orders/new/price"):
        page.locator("button[value=paste]").first.click()
    priced(page)
    assert "没有这个货" in page.locator(".tp-unread").inner_text()
    assert page.locator(".tp-carts [aria-current] .tp-count").inner_text() == "200"
    seen.kept("pasted")

    page.fill("#typed", "LZ1010 10箱")
    with page.expect_response("**/orders/new/price"):
        page.keyboard.press("Enter")
    priced(page)
    first = page.locator(".tp-qty").first
    first.fill("2")
    with page.expect_response("**/orders/new/price"):
        first.press("Enter")
    priced(page)

    page.locator(".tp-lines .tp-why-mark").nth(1).click()
    page.locator("#drawer .tp-sums").wait_for()
    assert "酱油季" in page.locator("#drawer").inner_text()
    page.wait_for_timeout(300)
    seen.kept("why")
    page.keyboard.press("Escape")

    before = page.locator(".tp-sum dd").inner_text()
    step = page.locator(".tp-quick-step")
    assert "坎级" in step.inner_text()
    step.scroll_into_view_if_needed()
    seen.kept("before-the-step")
    with page.expect_response("**/orders/new/price"):
        step.locator("button").click()
    priced(page)
    assert page.locator(".tp-sum dd").inner_text() != before
    assert "−4%" in page.locator(".tp-lines").inner_text()

    page.goto(f"{page.url}&page=5" if "?" in page.url else f"{page.url}?page=5")
    blocked = page.locator("tr.tp-reason.tp-is-bad")
    assert "3.6" in blocked.inner_text()
    blocked.scroll_into_view_if_needed()
    page.locator("#projection").wait_for()
    seen.kept("blocked-line")
    projected = page.locator("#projection b").nth(1).inner_text()

    button = page.locator(".tp-place-order .tp-primary")
    assert "200 行" in button.inner_text()
    pressed(page, button)
    assert "信用额度 20,000.00" in page.locator("main").inner_text()
    seen.kept("held")
    with tenant_active(walk.tenant):
        order = Order.objects.get()
        assert order.state == "held"
        missing = Decimal(order.facts["credit"]["asked"]) - Decimal(order.facts["credit"]["available"])
        now = timezone.now()
        move_held_money(
            kind="prepayment",
            book_id=walk.book_id,
            amount=missing,
            source="bank:1",
            by=an_actor(walk.maker, "finance"),
            at=now,
        )
        release_affordable(book_id=walk.book_id, by=an_actor(walk.maker, "director"), at=now)
    page.goto(f"{served}/orders/{order.id}")
    seen.kept("released")

    maker = opened(browser, served, walk.director, 1440)
    desk = maker.page
    desk.goto(f"{served}/orders/{order.id}")
    pressed(desk, desk.locator("form[action$='/confirm'] button"))
    for part in ("half", "rest"):
        desk.goto(f"{served}/orders/{order.id}/ship")
        if part == "half":
            desk.fill("input[name='qty-1']", "12")
        pressed(desk, desk.locator("main button.tp-primary"))
        with tenant_active(walk.tenant):
            shipment = Shipment.objects.filter(order=order, state="shipped").get()
        page.goto(f"{served}/shipments/{shipment.id}/receive")
        page.fill("#signed_by", "梁敏")
        pressed(page, page.locator("main button.tp-primary"))
        seen.kept(f"received-{part}")
    with tenant_active(walk.tenant):
        assert Order.objects.get().state == "delivered"

    delivered = projected_so_far(page, served)
    assert projected not in ("", "0.00")

    page.goto(f"{served}/orders/{order.id}/return")
    page.fill("input[name='qty-2']", "36")
    page.fill("#reason", "三箱破损")
    pressed(page, page.locator("main button.tp-primary"))
    seen.kept("return-asked")
    desk.goto(f"{served}/orders/{order.id}")
    pressed(desk, desk.locator("form[action^='/return-requests'] button.tp-primary"))
    returned = projected_so_far(page, served)
    assert returned != delivered, "three cases less count"
    page.locator("#projection").scroll_into_view_if_needed()
    seen.kept("rebate-after-the-return")
    maker.context.close()
    seen.context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_it_begins_in_english_too(walk, served, browser, width):
    with tenant_active(walk.tenant):
        user = walk.owner.user
        user.language, user.first_name = "en", "Min Liang"
        user.save()
    seen = opened(browser, served, walk.owner, width, language="en")
    page = seen.page
    page.goto(f"{served}/orders/new")
    assert page.locator("h1").inner_text() == "Quick order"
    page.locator("details:has(#pasted) > summary").click()
    page.fill("#pasted", "LZ1000\t120\t箱\nLZ1010\t10\t箱\nLZ1002\t16\t瓶\nnothing\t3\t箱")
    with page.expect_response("**/orders/new/price"):
        page.locator("button[value=paste]").first.click()
    priced(page)
    assert "no product has this SKU" in page.locator(".tp-unread").inner_text()
    seen.kept("pasted")
    with page.expect_response("**/orders/new/price"):
        page.get_by_role("button", name="Leave them out").click()
    priced(page)
    assert page.locator(".tp-unread").count() == 0
    blocked = page.locator("tr.tp-reason.tp-is-bad")
    assert "falls below the floor" in blocked.inner_text()
    blocked.scroll_into_view_if_needed()
    seen.kept("blocked-line")
    page.locator(".tp-lines .tp-why-mark").first.click()
    page.locator("#drawer .tp-sums").wait_for()
    page.wait_for_timeout(300)
    seen.kept("why")
    page.keyboard.press("Escape")
    pressed(page, page.locator(".tp-place-order .tp-primary"))
    assert page.locator("h1").inner_text() == "Placed"
    seen.kept("placed")
    seen.context.close()


def test_the_quick_order_works_without_script(walk, served, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    enter(page, served, walk.owner.id)
    page.goto(f"{served}/orders/new")
    page.fill("#typed", "LZ1001 3箱")
    pressed(page, page.locator(".tp-unscripted"))
    page.fill(".tp-qty", "4")
    pressed(page, page.locator(".tp-unscripted"))
    assert page.locator(".tp-sum dd").inner_text() == "¥312.00"
    pressed(page, page.locator(".tp-place-order .tp-primary"))
    with tenant_active(walk.tenant):
        order = Order.objects.get()
    assert (order.total, order.state) == (Decimal("312.00"), "placed")
    assert order.placed_at > timezone.now() - timedelta(minutes=5)
    context.close()
