"""A manual price is set on the desk and approved in the queue, at the desk's and the phone's width."""

from datetime import UTC, datetime

import pytest

from dealers.models import Membership
from ordering.models import Cart, ManualPrice, Order
from pricing.models import Limit
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.ordering.trade import a_trade
from tests.people import a_membership

pytestmark = IN_A_BROWSER


@pytest.fixture
def people(served):
    """Two people of the seller, a draft of its dealer, and a floor that needs approval."""
    with tenant_active(Tenant.objects.get(slug="acme")):
        trade = a_trade()
        Limit.objects.create(seller=trade.seller, clause="3.6 底价", floor="4.80", action=Limit.Action.REVIEW)
        Cart.objects.create(
            seller=trade.seller,
            buyer=trade.buyer,
            saved_at=datetime.now(UTC),
            lines=[{"sku": "A", "qty": 10, "unit": ""}],
        )
        director = a_membership(trade.seller, "director")
        return trade, director, a_membership(trade.seller, "director")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_manual_price_is_set_submitted_and_approved(served, browser, people, width):
    trade, director, manager = people
    view = {"locale": "zh-CN", "viewport": {"width": width, "height": 900}}
    context = a_context(browser, **view)
    page = context.new_page()
    enter(page, served, director.id)
    said = listened_to(page)
    page.goto(f"{served}/orders/new?buyer={trade.buyer.id}")
    page.locator("a[href*=override-price]").first.click()
    page.locator("input[name=price]").fill("4.50")
    page.locator("input[name=reason]").fill("新店首单")
    assert axe(context, page) == []
    page.screenshot(path=SCREENS / f"manual-price-{width}.png", full_page=True)
    page.locator("button[name=action][value=save]").click()
    page.wait_for_url("**/orders/new?**")
    page.screenshot(path=SCREENS / f"manual-price-desk-{width}.png", full_page=True)
    page.locator("button[name=action][value=place]").click()
    page.wait_for_url("**/placed")
    with tenant_active(Tenant.objects.get(slug="acme")):
        order = Order.objects.get()
        assert (order.state, ManualPrice.objects.get().reason) == ("review", "新店首单")
        Order.objects.update(placed_by=director.user_id)
    page.goto(f"{served}/orders/price-reviews")
    assert page.locator("button[name=decision]").count() == 0, "who placed it does not approve it"
    assert said == []
    context.close()
    with tenant_active(Tenant.objects.get(slug="acme")):
        Membership.objects.filter(id=director.id).update(is_active=False)  # one of a role is offered
    context = a_context(browser, **view)
    page = context.new_page()
    enter(page, served, manager.id)
    page.goto(f"{served}/orders/price-reviews")
    assert order.number in page.inner_text("main")
    assert axe(context, page) == []
    page.screenshot(path=SCREENS / f"price-reviews-{width}.png", full_page=True)
    page.locator("input[name=reason]").fill("新店支持，同意")
    page.locator("button[name=decision][value=approve]").click()
    page.wait_for_load_state("networkidle")
    with tenant_active(Tenant.objects.get(slug="acme")):
        assert Order.objects.get().state == "placed"
    context.close()
