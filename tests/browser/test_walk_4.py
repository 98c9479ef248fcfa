"""Walk 4, price list: a director tries a draft, is refused, corrects it, and publishes with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.rights import the_system
from catalogue.models import Product
from pricing.models import PriceList
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.browser.walks import GOODS, Alliance, an_alliance
from tests.factories import a_price_list
from tests.pricing.dry_running import tried

pytestmark = IN_A_BROWSER
SIZES = [{"width": 1440, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture
def alliance(served: str) -> Alliance:
    return an_alliance(settled=False, guaranteed_spread="2.358")


def _draft(alliance: Alliance) -> PriceList:
    """Draft a list for members at 9.97 a bottle, of which 0.03 of a guaranteed spread of 2.358 is left."""
    with tenant_active(alliance.tenant):
        return a_price_list(
            alliance.maker,
            {Product.objects.get(sku=GOODS[0][0]): "9.97"},
            audience=("level", "member"),
            code="LM-2608",
            name="8月联盟商价",
            state="draft",
        )


def _try(alliance: Alliance, draft: PriceList) -> None:
    with tenant_active(alliance.tenant):
        tried(draft.id, by=the_system(), at=timezone.now())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_director_tries_a_price_list_and_publishes_it_with_a_reason(
    served: str, browser: Any, alliance: Alliance, size: dict[str, int]
) -> None:
    draft = _draft(alliance)
    context = a_context(browser, viewport=size, locale="zh-CN")
    page = context.new_page()
    said = listened_to(page)
    enter(page, served, alliance.people["manufacturer", "director"].id)
    page.goto(f"{served}/price-lists/{draft.id}")
    page.locator(f"a[href$='{draft.id}/dry-run']").click()
    _looked_at(context, page, "0-before", size)
    _try(alliance, draft)
    page.goto(f"{served}/price-lists/{draft.id}/dry-run")
    assert "C-0412/3.2" in page.locator("main").inner_text()
    _looked_at(context, page, "1-refused", size)

    page.locator("form[action$='dry-run/correct'] button").click()
    page.wait_for_load_state()
    _try(alliance, draft)
    page.goto(f"{served}/price-lists/{draft.id}/dry-run")
    assert "C-0412/3.2" not in page.locator("main").inner_text()
    _looked_at(context, page, "2-corrected", size)

    with tenant_active(alliance.tenant):
        draft.entries.update(price="9.97")
    _try(alliance, draft)
    page.goto(f"{served}/price-lists/{draft.id}/dry-run")
    page.locator("#reason").fill("原料涨价，已与联盟商书面约定")
    page.locator("form[action$='dry-run/publish'] button").click()
    page.wait_for_url(f"**/price-lists/{draft.id}")
    _looked_at(context, page, "3-waiting", size)
    with tenant_active(alliance.tenant):
        draft.refresh_from_db()
        assert draft.state == "draft"
    assert said == []
    context.close()


def _looked_at(context: Any, page: Any, name: str, size: dict[str, int]) -> None:
    page.screenshot(path=SCREENS / f"walk4-{name}-{size['width']}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert axe(context, page) == [], name
