"""Dark, as the system asks for: every word can be read."""

import pytest

from tests.web.conftest import IN_A_BROWSER, axe

pytestmark = IN_A_BROWSER
MAIN = {
    "manufacturer": ("home", "orders", "contract", "statement", "guarantees", "inbox"),
    "dealer": ("home", "order-new", "order", "standing"),
    "member": ("member-home", "member-order", "contract", "presale-form"),
}


@pytest.mark.parametrize("door", MAIN)
def test_the_main_pages_can_be_read_in_the_dark(walked, browser, door):
    context = walked.enter(browser, door, color_scheme="dark", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong = {}
    for name in MAIN[door]:
        page.goto(walked.site + walked.pages(door)[name], wait_until="networkidle")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(15, 21, 20)"
        if found := axe(context, page):
            wrong[name] = found
    context.close()
    assert not wrong, wrong
