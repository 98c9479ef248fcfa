"""The session ends while one types: the form leads to the sign-in and comes back with every word."""

import re

import pytest
from django.contrib.sessions.models import Session

from accounts.models import User
from tests.browser.conftest import IN_A_BROWSER
from tests.people import PASSWORD

pytestmark = IN_A_BROWSER


@pytest.fixture
def typing(walked, browser):
    """Opens a page as the chief of a door, whose password is known."""
    contexts = []

    def opened(door, address):
        person = User.objects.get(pk=walked.people[door].user_id)
        person.set_password(PASSWORD)
        person.save()
        context = walked.enter(browser, door)
        contexts.append(context)
        page = context.new_page()
        page.goto(walked.site + address, wait_until="networkidle")
        return page, person

    yield opened
    for context in contexts:
        context.close()


def the_session_ends_and(send, page, person):
    """All sessions are gone; the form is sent; the person signs in with name and password."""
    Session.objects.all().delete()
    with page.expect_navigation(url=re.compile("/sign-in")):
        send()
    page.fill("[name=username]", person.username)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("main form:has([name=password]) button").click()


def test_a_half_written_contract_comes_back_whole(typing):
    page, person = typing("manufacturer", "/contracts/new")
    typed = {"code": "C-HALF", "dealer": "no such dealer", "last_day": "2029-12-31", "late_fee": "一百二"}
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.locator("[name=spread-guaranteed]").nth(1).fill("5.2")
    page.locator("[name=area-region]").first.fill("四会市")
    the_session_ends_and(lambda: page.locator("main footer .tp-primary").click(), page, person)
    assert page.url.endswith("/contracts/new")
    assert {name: page.input_value(f"[name={name}]") for name in typed} == typed
    assert page.locator("[name=spread-guaranteed]").nth(1).input_value() == "5.2"
    assert page.locator("[name=area-region]").first.input_value() == "四会市"


def test_a_half_written_scheme_comes_back_whole(typing):
    page, person = typing("manufacturer", "/schemes/new")
    page.fill("[name=code]", "S-HALF")
    page.fill("[name=skus]", "ACME4K-1\nACME4K-2")
    with page.expect_response(re.compile("/schemes/example")):
        page.select_option("[name=kind]", "step")
    page.fill("[name=steps]", "100 2%\n六百 打折")
    the_session_ends_and(lambda: page.locator("main footer .tp-primary").click(), page, person)
    assert page.url.endswith("/schemes/new")
    assert page.input_value("[name=code]") == "S-HALF"
    assert page.input_value("[name=kind]") == "step"
    assert page.input_value("[name=skus]") == "ACME4K-1\nACME4K-2"
    assert page.input_value("[name=steps]") == "100 2%\n六百 打折"


def test_a_half_written_quick_order_comes_back_whole(typing):
    page, person = typing("dealer", "/orders/new")
    page.fill("#reference", "我方 8812")
    first = page.locator(".tp-qty").first
    first.fill("33")
    the_session_ends_and(lambda: first.press("Enter"), page, person)
    assert "/orders/new" in page.url
    assert page.locator(".tp-qty").first.input_value() == "33"
    assert page.input_value("#reference") == "我方 8812"
