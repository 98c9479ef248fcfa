"""Ticked orders are confirmed together: by mouse, by keyboard alone, and without script."""

import pytest
from django.utils import timezone

from ordering.models import Order
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.browser.conftest import IN_A_BROWSER, a_context, axe, enter, listened_to
from tests.browser.test_withstand_keyboard import reached
from tests.ordering.trade import a_trade
from tests.people import a_membership

pytestmark = IN_A_BROWSER
WAITING = "/orders?state=placed"


@pytest.fixture
def director(served):
    """The manufacturer's, with three orders that wait to be confirmed."""
    with tenant_active(Tenant.objects.get(slug="acme")):
        trade = a_trade()
        for _number in range(3):
            trade.place(at=timezone.now())
        return a_membership(trade.seller, "director")


def waiting():
    with tenant_active(Tenant.objects.get(slug="acme")):
        return Order.objects.filter(state="placed").count()


def at_the_list(browser, served, director, **options):
    context = a_context(browser, locale="zh-CN", viewport={"width": 1440, "height": 900}, **options)
    page = context.new_page()
    enter(page, served, director.id)
    said = listened_to(page)
    page.goto(f"{served}{WAITING}")
    return context, page, said


def test_all_rows_are_ticked_at_once_and_one_is_taken_out(served, browser, director):
    context, page, said = at_the_list(browser, served, director)
    page.locator("[data-ticks]").check()
    told = page.locator("[data-ticked]")
    assert "3" in told.inner_text()
    page.locator("tbody input[name=row]").first.uncheck()
    assert "2" in told.inner_text()
    assert page.evaluate("document.querySelector('[data-ticks]').indeterminate")
    assert axe(context, page) == []
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("button[name=action][value=confirm]").click()
    assert page.url.endswith(WAITING), "the filter stays"
    assert (waiting(), page.locator("tbody tr").count()) == (1, 1)
    assert said == []
    context.close()


def test_rows_are_ticked_and_confirmed_by_keyboard_alone(served, browser, director):
    context, page, said = at_the_list(browser, served, director)
    reached(page, "[data-ticks]")
    page.keyboard.press("Space")
    reached(page, "button[name=action][value=confirm]")
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")
    assert waiting() == 0
    assert said == []
    context.close()


def test_without_script_each_row_is_ticked_by_itself(served, browser, director):
    context, page, _said = at_the_list(browser, served, director, java_script_enabled=False)
    assert not page.locator("[data-ticks]").is_visible()
    for at in (0, 1):
        page.locator("tbody input[name=row]").nth(at).check()
    with page.expect_navigation():
        page.locator("button[name=action][value=confirm]").click()
    assert waiting() == 1
    context.close()
