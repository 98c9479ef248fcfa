"""A dealer without a mouse: from the sign-in to an order that is placed."""

import pytest

from accounts.models import User
from ordering.models import Order
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER, a_context
from tests.browser.withstand import settled
from tests.people import PASSWORD

pytestmark = IN_A_BROWSER


def reached(page, selector, most=120, key="Tab"):
    """Presses the key until the focus is there; it must be seen there."""
    for _press in range(most):
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            shown = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
            )
            assert shown, f"the focus on {selector} cannot be seen"
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} × {key} do not reach {selector}")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dealer_signs_in_and_orders_by_keyboard_alone(walked, browser, width):
    person = User.objects.get(pk=walked.people["dealer"].user_id)
    person.set_password(PASSWORD)
    person.language = "zh-hans"
    person.save()
    context = a_context(browser, viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{walked.site}/sign-in")
    reached(page, "[name=username]")
    page.keyboard.type(person.username)
    reached(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")

    reached(page, ".tp-tabs a[href='/orders/new']")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "typed"
    page.keyboard.type("ACME4K-2 5")
    with page.expect_response("**/orders/new/price"):
        page.keyboard.press("Enter")
    page.locator("#quick:not(.htmx-request) .tp-qty").first.wait_for()

    reached(page, ".tp-qty")
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    with page.expect_response("**/orders/new/price"):
        page.keyboard.press("Enter")
    settled(page)

    with tenant_active(walked.world.tenant):
        before = Order.objects.filter(buyer_id=person_party(walked)).count()
    reached(page, ".tp-place-order .tp-primary")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    with tenant_active(walked.world.tenant):
        assert Order.objects.filter(buyer_id=person_party(walked)).count() == before + 1
    assert page.locator("h1").count() == 1
    context.close()


def person_party(walked):
    return walked.people["dealer"].party_id
