"""Without script the actions are plain links and forms."""

import pytest

from ledger.models import Journal
from ordering.models import Order, ReturnRequest
from pricing.models import PriceList
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER

pytestmark = IN_A_BROWSER


@pytest.fixture
def plain(walked, browser):
    """Opens pages in a browser that runs no script."""
    contexts = []

    def opened(door):
        context = walked.enter(browser, door, java_script_enabled=False)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def pressed(page, locator):
    with page.expect_navigation():
        locator.click()


def test_an_order_is_shipped(walked, plain):
    page = plain("manufacturer")
    with tenant_active(walked.world.tenant):
        order = Order.objects.filter(seller=walked.world.manufacturer, state="part_shipped").first()
    page.goto(f"{walked.site}/orders/{order.id}")
    pressed(page, page.locator(f"main a[href='/orders/{order.id}/ship']"))
    pressed(page, page.locator("main form .tp-primary"))
    with tenant_active(walked.world.tenant):
        order.refresh_from_db()
    assert order.state == "shipped"


def test_a_price_list_is_drafted(walked, plain):
    page = plain("manufacturer")
    page.goto(f"{walked.site}/price-lists")
    pressed(page, page.locator("main a[href='/price-lists/new']"))
    page.fill("[name=code]", "PLAIN-1")
    page.select_option("[name=audience_kind]", "everyone")
    page.fill("[name=entries]", "ACME4K-2 8.80")
    pressed(page, page.locator("main footer .tp-primary"))
    with tenant_active(walked.world.tenant):
        assert PriceList.objects.get(code="PLAIN-1").state == "draft"


def test_a_payment_is_booked(walked, plain):
    page = plain("manufacturer")
    page.goto(walked.site + walked.pages("manufacturer")["book"])
    page.fill("[name=amount]", "20")
    page.fill("[name=voucher]", "PLAIN-BANK")
    pressed(page, page.locator("form:has([name=voucher]) .tp-primary"))
    with tenant_active(walked.world.tenant):
        assert Journal.objects.filter(source__contains="plainbank").exists()


def test_a_return_is_asked_for(walked, plain):
    page = plain("dealer")
    with tenant_active(walked.world.tenant):
        buyer = walked.people["dealer"].party_id
        order = Order.objects.filter(buyer_id=buyer, state="delivered").first()
        ReturnRequest.objects.filter(order=order).delete()
    page.goto(f"{walked.site}/orders/{order.id}/return")
    page.locator("main .tp-qty").first.fill("1")
    page.fill("#reason", "broken")
    pressed(page, page.locator("main form .tp-primary"))
    with tenant_active(walked.world.tenant):
        assert ReturnRequest.objects.filter(order=order).count() == 1


def test_a_member_orders_from_the_phone(walked, plain):
    page = plain("member")
    page.goto(f"{walked.site}/m/order")
    page.locator(".tp-stepper input").first.fill("3")
    for _press in range(2):
        pressed(page, page.locator("#member-order button[value=place]"))
        if "/m/order" not in page.url:
            break
    with tenant_active(walked.world.tenant):
        mine = Order.objects.filter(buyer_id=walked.people["member"].party_id)
        assert mine.order_by("-placed_at").first().total > 0
    assert "/orders/" in page.url


def test_a_list_is_searched_and_filtered(walked, plain):
    page = plain("manufacturer")
    page.goto(f"{walked.site}/orders")
    page.locator("#list-orders details > summary").first.click()
    page.locator("#list-orders .tp-list-panel").wait_for()
    pressed(page, page.locator("#list-orders .tp-list-panel .tp-primary"))
    page.fill("#list-orders-q", "nothing like it")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#list-orders tbody tr").count() == 0
    assert "q=nothing" in page.url
