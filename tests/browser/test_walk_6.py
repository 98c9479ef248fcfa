"""Walk 6: three people sign one contract; the next month shows a breach and what proves it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from alliance.models import Contract
from alliance.operations.printing import verification_path
from kernel.periods import months_after
from tenancy.context import tenant_active
from tests.alliance.web.world import TODAY, AllianceWorld, alliance_world, bought
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to

pytestmark = IN_A_BROWSER
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
ORDERED = datetime.combine(months_after(TODAY.replace(day=1), -1), time(2), tzinfo=UTC).replace(day=14)


class Person:
    """Someone at a desk or on a phone, whose pages complain of nothing."""

    def __init__(self, browser: Any, site: str, membership: Any, viewport: dict[str, int]) -> None:
        self.site, self.width = site, viewport["width"]
        self.context = a_context(browser, viewport=viewport, locale="zh-CN")
        self.page = self.context.new_page()
        self.said = listened_to(self.page)
        enter(self.page, site, membership.id)

    def opens(self, path: str) -> Any:
        self.page.goto(f"{self.site}{path}")
        self.page.wait_for_load_state("networkidle")
        return self.page

    def looks_well(self, name: str, *, whole: bool = True) -> None:
        """Nothing is said, nothing is wider than the screen, axe has nothing; and it is kept to look at."""
        self.page.screenshot(path=SCREENS / f"walk6-{self.width}-{name}.png", full_page=whole)
        assert self.said == []
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        assert axe(self.context, self.page) == []

    def signs(self) -> None:
        self.page.get_by_label("我读过原文").check()
        with self.page.expect_navigation(wait_until="networkidle"):
            self.page.get_by_role("button", name="签署").click()


@pytest.fixture
def world(served: str) -> AllianceWorld:
    return alliance_world()


def test_the_three_sign_and_the_next_month_shows_a_breach_with_its_evidence(
    served: str, world: AllianceWorld, browser: Any
) -> None:
    contract = world.submitted()
    director = Person(browser, served, world.director, DESK)
    page = director.opens("/contracts")
    director.looks_well("1-contracts", whole=False)
    page.get_by_role("link", name="C-0412").first.click()
    page.get_by_role("link", name="阅读并签署").click()
    page.wait_for_load_state("networkidle")
    director.looks_well("2-director-signs")
    director.signs()

    dealer = Person(browser, served, world.dealer_owner, DESK)
    dealer.opens(f"/contracts/{contract.id}/sign")
    dealer.looks_well("3-dealer-signs")
    dealer.signs()

    member = Person(browser, served, world.member_owner, PHONE)
    page = member.opens(f"/contracts/{contract.id}/sign")
    member.looks_well("4-member-signs", whole=False)
    assert contract.digest[:8] in page.locator("main").inner_text()
    member.signs()
    assert "生效" in page.locator(".tp-toasts, main").first.inner_text() + page.locator("body").inner_text()
    with tenant_active(world.tenant):
        assert Contract.objects.get(id=contract.id).state == "active"

    bought(world, ORDERED, hours=60, price="88")
    page = director.opens(f"/guarantees?month={ORDERED:%Y-%m}")
    assert page.locator("#list-guarantees tbody tr").first.inner_text().count("未兑现") == 1
    director.looks_well("5-scorecard", whole=False)
    page.get_by_role("link", name=re.compile("^凭证.*服务")).click()
    drawer = page.locator("#drawer")
    drawer.get_by_text("60 小时").wait_for()
    assert "120.00" in drawer.inner_text()
    director.looks_well("6-evidence", whole=False)
    with page.expect_navigation(wait_until="networkidle"):
        drawer.get_by_role("link", name="查看来源").click()
    assert "/shipments/" in page.url

    director.opens(f"/contracts/{contract.id}")
    assert page.locator(".tp-signer", has_text="已签").count() == 3
    assert page.locator(".tp-guarantee.tp-is-broken").count() == 2
    director.looks_well("7-contract")
    director.opens(f"/contracts/{contract.id}/text")
    page.emulate_media(media="print")
    director.looks_well("8-text-to-print")
    page.emulate_media(media="screen")

    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF 中文").click()
    printed = Path(coming.value.path()).read_bytes()
    assert printed.startswith(b"%PDF-")
    assert coming.value.suggested_filename == "C-0412-v1.pdf"
    with tenant_active(world.tenant):
        checked = verification_path(contract)
    for person in (director, member):
        page = person.opens(checked)
        assert "三方已签齐" in page.locator("main").inner_text()
        assert "四会陈记" not in page.locator("main").inner_text()
        person.looks_well("8b-verification")

    for path, name in (
        (f"/contracts/{contract.id}", "9-contract"),
        (f"/contracts/{contract.id}/evidence?kind=spread", "10-evidence"),
        ("/guarantees", "11-guarantees"),
    ):
        member.opens(path)
        member.looks_well(name)
    for person in (director, dealer, member):
        person.context.close()


def test_signing_drafting_and_the_lists_work_without_script(
    served: str, world: AllianceWorld, browser: Any
) -> None:
    contract = world.submitted()
    context = a_context(browser, viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, served, world.member_owner.id)
    page.goto(f"{served}/contracts/{contract.id}/sign")
    page.get_by_label("我读过原文").check()
    page.get_by_role("button", name="签署").click()
    page.wait_for_url(f"**/contracts/{contract.id}")
    assert "已签" in page.locator(".tp-signers").inner_text()
    context.close()


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_a_draft_is_written_on_screen(
    served: str, world: AllianceWorld, browser: Any, viewport: dict[str, int]
) -> None:
    director = Person(browser, served, world.director, viewport)
    page = director.opens("/contracts/new")
    for name, text in (
        ("code", "C-0500"),
        ("dealer", world.dealer.code),
        ("member", "NOBODY"),
        ("starts_on", "2026-12-01"),
        ("last_day", "2027-11-30"),
        ("delivery_hours", "48"),
    ):
        page.fill(f"[name={name}]", text)
    page.locator("[name=area-category]").first.select_option("soy")
    page.locator("[name=area-region]").first.fill("441302")
    page.locator("[name=spread-sku]").first.fill(world.product.sku)
    page.locator("[name=spread-guaranteed]").first.fill("6.50")
    page.locator("[name=spread-advised_resale]").first.fill("92")
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="保存草稿").last.click()
    assert "没有编码为 NOBODY" in page.locator("main").inner_text()
    director.said.clear()
    director.looks_well("12-draft-refused")
    page.fill("[name=member]", world.member.code)
    with page.expect_navigation(wait_until="networkidle"):
        page.get_by_role("button", name="保存草稿").last.click()
    assert page.get_by_role("button", name="提交签署").is_visible()
    director.looks_well("13-draft")
    director.context.close()
