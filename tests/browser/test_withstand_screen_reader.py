"""What a screen reader announces when something changes, and where the focus is."""

import pytest

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.withstand import until

pytestmark = IN_A_BROWSER


@pytest.fixture
def reading(walked, browser):
    contexts = []

    def opened(door, address):
        context = walked.enter(browser, door, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(walked.site + address, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


@pytest.mark.parametrize("door", ["manufacturer", "dealer", "member"])
def test_the_first_tab_skips_to_the_content(walked, reading, door):
    page = reading(door, walked.pages(door)["orders" if door != "member" else "member-order"])
    page.keyboard.press("Tab")
    assert focused(page) == "tp-skip"
    assert page.locator(".tp-skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert focused(page) == "content"


def test_the_focus_goes_into_the_drawer_and_returns(reading):
    page = reading("dealer", "/orders/new")
    mark = page.locator(".tp-lines .tp-why-mark").first
    mark.focus()
    page.keyboard.press("Enter")
    page.locator("#drawer .tp-sums").wait_for()
    assert focused(page) == "drawer"
    assert page.locator("#drawer").get_attribute("role") == "dialog"
    assert page.locator("#drawer").get_attribute("aria-label")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('drawer').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.locator("#drawer").is_hidden()
    assert page.evaluate("document.activeElement.matches('.tp-lines .tp-why-mark')")


def test_the_focus_goes_into_a_dialog_and_returns(walked, reading):
    page = reading("manufacturer", "/kit")
    opener = page.locator("[data-opens]").first
    opener.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    assert page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("document.activeElement.hasAttribute('data-opens')")


def test_a_new_total_and_the_length_of_a_list_are_told(reading):
    page = reading("dealer", "/orders/new")
    page.locator(".tp-qty").first.fill("9")
    page.locator(".tp-qty").first.press("Enter")
    until(page, "() => document.getElementById('notice').textContent !== ''")
    assert page.locator(".tp-sum dd").inner_text() in page.locator("#notice").inner_text()
    page = reading("manufacturer", "/orders")
    page.fill("#list-orders-q", "SO")
    page.keyboard.press("Enter")
    until(page, "() => document.getElementById('notice').textContent.includes(' / ')")


def test_what_was_done_is_told_and_what_went_wrong_is_named_at_its_field(reading):
    page = reading("manufacturer", "/price-lists/new")
    page.fill("[name=code]", "TOLD-1")
    page.select_option("[name=audience_kind]", "everyone")
    page.fill("[name=entries]", "NO-SUCH-SKU 1")
    with page.expect_navigation():
        page.locator("main footer .tp-primary").click()
    wrong = page.locator("[aria-invalid=true]").first
    assert focused(page) == wrong.get_attribute("id")
    described = wrong.get_attribute("aria-describedby").split()
    said = " ".join(page.locator(f"#{one}").inner_text() for one in described)
    assert "NO-SUCH-SKU" in said
    assert page.input_value("[name=code]") == "TOLD-1"
    page.fill("[name=entries]", "ACME4K-1 1")
    with page.expect_navigation():
        page.locator("main footer .tp-primary").click()
    assert "草稿" in page.locator("#toasts[role=status]").inner_text()
