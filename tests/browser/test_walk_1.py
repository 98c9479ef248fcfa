"""Walk 1: a newcomer opens the page and is anyone of the demonstration with one click."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.browser.walks import Alliance, an_alliance

pytestmark = IN_A_BROWSER
LOOKED_AT = [("manufacturer", "director"), ("dealer", "owner"), ("member", "owner")]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def alliance(served: str) -> Alliance:
    return an_alliance(settled=True)


def test_each_role_is_one_click_away_and_finds_its_home(
    served: str, browser: Any, alliance: Alliance
) -> None:
    for (kind, role), membership in alliance.people.items():
        context = a_context(browser, viewport=DESKTOP, locale="zh-CN")
        page = context.new_page()
        said = listened_to(page)
        enter(page, served, membership.id)
        assert page.url == f"{served}{'/m/' if kind == 'member' else '/'}", role
        assert "首页" in page.title()
        assert page.locator("main h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440
        assert said == [], role
        context.close()


@pytest.mark.parametrize(
    ("size", "language"), [(DESKTOP, "zh-CN"), (PHONE, "zh-CN"), (DESKTOP, "en-US"), (PHONE, "en-US")]
)
def test_the_homes_can_be_used_by_everyone(
    served: str, browser: Any, alliance: Alliance, size: dict[str, int], language: str
) -> None:
    for who in LOOKED_AT:
        context = a_context(browser, viewport=size, locale=language)
        page = context.new_page()
        said = listened_to(page)
        page.goto(f"{served}/sign-in")
        _picture(page, "sign-in", size, language)
        enter(page, served, alliance.people[who].id)
        page.wait_for_function("() => !document.querySelector('[data-chart]:not([data-drawn])')")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert axe(context, page) == []
        assert said == []
        _picture(page, f"{who[0]}", size, language)
        context.close()


def test_an_alert_opens_its_reason_beside_the_home(served: str, browser: Any, alliance: Alliance) -> None:
    context = a_context(browser, viewport=DESKTOP, locale="zh-CN")
    page = context.new_page()
    said = listened_to(page)
    enter(page, served, alliance.people["manufacturer", "director"].id)
    page.locator("#alerts a", has_text="为什么").first.click()
    page.wait_for_selector("#drawer:not([hidden]) h1")
    assert "信用" in page.locator("#drawer").inner_text()
    assert axe(context, page) == []
    assert said == []
    context.close()


def _picture(page: Any, name: str, size: dict[str, int], language: str) -> None:
    if language == "zh-CN":
        page.screenshot(path=SCREENS / f"walk1-{name}-{size['width']}.png")
