"""The pages in a real browser: no violation of the policy, no overflow, nothing axe objects to."""

import pytest

from tests.browser.conftest import IN_A_BROWSER, a_context, axe, listened_to

pytestmark = IN_A_BROWSER


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "zh-CN"), (390, "en-US")])
def test_each_home_keeps_to_the_policy_fits_and_can_be_used_by_everyone(site, browser, width, language):
    for role in range(3):
        context = a_context(browser, viewport={"width": width, "height": 844}, locale=language)
        page = context.new_page()
        said = listened_to(page)
        page.goto(f"{site}/sign-in")
        with page.expect_navigation():
            page.locator(".tp-demo form").nth(role).locator("button").click()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert said == []
        assert axe(context, page) == []
        context.close()


def test_the_sign_in_works_without_script(site, browser):
    context = a_context(browser, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    with page.expect_navigation():
        page.locator(".tp-demo form button").first.click()
    assert page.locator("h1").inner_text()
    page.locator("details:has(form[action='/sign-out']) > summary:visible").click()
    with page.expect_navigation():
        page.locator("form[action='/sign-out'] button:visible").click()
    assert page.url.endswith("/sign-in")
    context.close()


def test_the_admin_and_the_docs_keep_to_the_policy(site, browser):
    context = a_context(browser, locale="zh-CN")
    page = context.new_page()
    said = listened_to(page)
    page.goto(f"{site}/sign-in")
    with page.expect_navigation():
        page.locator(".tp-demo form button").first.click()
    for path in ("/admin/", "/admin/dealers/party/add/", "/api/docs"):
        page.goto(f"{site}{path}")
        page.wait_for_load_state("networkidle")
        assert said == [], path
    context.close()
