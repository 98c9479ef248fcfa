"""A company applies from a phone, is reviewed at a desk, accepted and authorised; anyone can verify it."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.models import Application, Authorisation
from dealers.models import Party
from tenancy.context import tenant_active
from tests.alliance.recruiting import COMPLETE, a_picture, a_uscc
from tests.alliance.web.world import AllianceWorld, alliance_world
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to

pytestmark = IN_A_BROWSER
SECONDS_OF_A_PERSON = 4


@pytest.fixture
def world(served: str) -> AllianceWorld:
    return alliance_world()


def looks_well(context: Any, page: Any, name: str) -> None:
    width = page.viewport_size["width"]
    page.screenshot(path=SCREENS / f"recruitment-{width}-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert axe(context, page) == [], name


def test_from_the_application_to_the_verified_certificate(
    served: str, browser: Any, world: AllianceWorld
) -> None:
    phone = a_context(browser, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = phone.new_page()
    said = listened_to(page)
    page.goto(f"{served}/apply/{world.tenant.slug}")
    typed = {
        "company": "惠州老王商贸有限公司",
        "uscc": a_uscc(),
        "contact": "王建国",
        "phone": "138 1234 5678",
        "region": "惠州市惠城区",
        "address": "麦地路18号",
        "outlets": "１２０",
        "vehicles": "3",
        "warehouse": "1,200",
    }
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=documents]").set_input_files(
        {"name": "licence.png", "mimeType": "image/png", "buffer": a_picture()}
    )
    page.locator("[name=consent]").check()
    looks_well(phone, page, "form")
    page.wait_for_timeout(SECONDS_OF_A_PERSON * 1000)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/received/**")
    looks_well(phone, page, "received")
    assert said == []
    with tenant_active(world.tenant):
        made = Application.objects.get()
    assert made.code in page.inner_text("main")

    desk = a_context(browser, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = desk.new_page()
    said = listened_to(page)
    enter(page, served, world.director.id)
    page.goto(f"{served}/applications")
    looks_well(desk, page, "board")
    page.get_by_role("link", name=made.company).first.click()
    page.wait_for_url(f"**/applications/{made.id}")
    begin = page.locator(f"form[action$='/{made.id}/begin'] button")
    if begin.count():
        with page.expect_navigation(wait_until="networkidle"):
            begin.click()
    for item in COMPLETE:
        page.locator(f"[name=check-{item}]").select_option("yes")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f"form[action$='/{made.id}/qualify'] button").click()
    looks_well(desk, page, "qualified")
    page.locator("#accept-code").fill("M-9")
    page.locator("#accept-supplier").select_option(str(world.dealer.id))
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f"form[action$='/{made.id}/accept'] button").click()
    assert "/invitations/link/" in page.content()
    assert "可能已有记录" not in page.inner_text("main"), "the new party is no lookalike of its application"
    looks_well(desk, page, "accepted")
    with tenant_active(world.tenant):
        assert Party.objects.get(code="M-9").parent_id == world.dealer.id

    page.goto(f"{served}/authorisations/new?party=M-9")
    page.locator("[name=regions]").fill("惠州市惠城区")
    page.locator("[name=categories]").first.check()
    looks_well(desk, page, "authorisation")
    page.locator("main form[method=post] button.tp-primary").click()
    page.wait_for_url("**/authorisations/*-*")
    looks_well(desk, page, "certificate")
    with tenant_active(world.tenant):
        issued = Authorisation.objects.get()
    assert said == []
    desk.close()

    page = phone.new_page()
    page.goto(f"{served}/verify/{issued.code}")
    assert "有效" in page.inner_text("main")
    assert made.company not in page.inner_text("main")
    looks_well(phone, page, "verified")
    phone.close()
