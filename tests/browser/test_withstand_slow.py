"""A slow network: what was pressed says so at once, and twice pressed is done once."""

import pytest

from pricing.models import PriceList
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER
from tests.browser.withstand import until

pytestmark = IN_A_BROWSER


def slowed(context, page, delay=1500):
    """Everything from now on takes this many milliseconds longer, as on a bad line."""
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": delay, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
    )


@pytest.fixture
def slow(walked, browser):
    """Opens a page and makes the line slow after it has come."""
    contexts = []

    def opened(door, address):
        context = walked.enter(browser, door, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(walked.site + address, wait_until="networkidle")
        slowed(context, page)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_double_click_makes_one_price_list_and_the_button_says_that_it_works(walked, slow):
    page = slow("manufacturer", "/price-lists/new")
    page.fill("[name=code]", "PRESSED-TWICE")
    page.select_option("[name=audience_kind]", "everyone")
    page.fill("[name=entries]", "ACME4K-2 9.90")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    with page.expect_navigation(wait_until="networkidle"):
        told = page.evaluate(
            "() => { const button = document.querySelector('main form .tp-primary');"
            " for (const _press of [1, 2, 3]) button.click();"
            " return [button.getAttribute('aria-busy'), button.innerText.trim()]; }"
        )
    assert told == ["true", "保存中"]
    assert len(sent) == 1
    with tenant_active(walked.world.tenant):
        assert PriceList.objects.filter(code="PRESSED-TWICE").count() == 1


def test_a_list_shows_within_a_tenth_of_a_second_that_it_is_being_filtered(slow):
    page = slow("manufacturer", "/orders")
    rows = page.locator("#list-orders tbody tr").count()
    shown = page.evaluate(
        """() => new Promise((tell) => {
          const tabs = document.querySelectorAll("#list-orders .tp-list-tabs a");
          tabs[tabs.length - 1].click();
          setTimeout(() => {
            const list = document.getElementById("list-orders");
            const cell = list.querySelector("tbody .tp-cell");
            tell([list.matches(".htmx-request"), getComputedStyle(cell).color, list.ariaBusy]);
          }, 100);
        })"""
    )
    assert shown == [True, "rgba(0, 0, 0, 0)", "true"], "grey bars of the final width, told to readers too"
    assert rows > 0
    until(page, "() => !document.querySelector('.htmx-request')")
    assert page.locator("#list-orders").get_attribute("aria-busy") is None


def test_the_quick_order_keeps_the_old_numbers_grey_until_the_new_ones_are_there(slow):
    page = slow("dealer", "/orders/new")
    old = page.locator(".tp-sum dd").inner_text()
    page.locator(".tp-qty").first.fill("7")
    page.locator(".tp-qty").first.press("Enter")
    page.wait_for_timeout(100)
    assert page.locator(".tp-quick.htmx-request .tp-quick-busy").is_visible()
    assert page.locator(".tp-sum dd").inner_text() == old
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.tp-sum dd')).color") == "rgb(95, 109, 106)"
    )
    until(page, "old => document.querySelector('.tp-sum dd').innerText !== old", old)
