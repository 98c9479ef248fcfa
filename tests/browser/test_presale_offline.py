"""Walk 3 on a phone: an order is written without network, comes home once, and nobody else sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from alliance.models import Contract, GuaranteeMonth, SpreadTerm
from dealers.models import Membership
from kernel.periods import months_after
from ordering.models import Order
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER, SCREENS, axe, listened_to
from tests.browser.presale_world import PresaleWorld, presale_world
from tests.factories import a_contract, an_actor, in_force
from tests.people import signed_in

pytestmark = IN_A_BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "zh-CN", "device_scale_factor": 2}


@pytest.fixture
def world(served: str) -> PresaleWorld:
    return presale_world(scheme=True)


@pytest.fixture
def promised(world: PresaleWorld) -> Contract:
    """The member's contract guarantees a spread, which was kept 27 times of 28 last month."""
    with tenant_active(world.tenant):
        today = timezone.localdate()
        contract = a_contract(
            world.dealer,
            world.member,
            manufacturer=world.dealer.parent,
            code="C-0412",
            starts_on=today - timedelta(days=200),
            until=today + timedelta(days=534),
            state="draft",
        )
        SpreadTerm.objects.create(
            contract=contract, product=world.soy, clause="3.3", guaranteed="1.5", advised_resale="9"
        )
        in_force(contract)
        GuaranteeMonth.objects.create(
            contract=contract,
            kind="spread",
            month=months_after(today.replace(day=1), -1),
            measured=28,
            broken=1,
            owed="12.60",
        )
    return contract


@pytest.fixture
def phone(browser: Any, world: PresaleWorld, served: str) -> Iterator[Any]:
    context = browser.new_context(**PHONE, base_url=served)
    be(context, world.seller, served)
    yield context
    context.close()


def be(context: Any, membership: Membership, site: str) -> None:
    """Whose session the phone carries from now on."""
    context.clear_cookies()
    cookies = signed_in(membership).cookies
    context.add_cookies([{"name": "sessionid", "value": cookies["sessionid"].value, "url": site}])


def opened(context: Any, world: PresaleWorld) -> Any:
    """The form of the outlet, once it has all that it needs without network."""
    page, form = context.new_page(), f"{world.address}/presale"
    page.goto(world.address)
    while not page.evaluate("async path => Boolean(await caches.match(location.origin + path))", form):
        page.wait_for_timeout(100)
    page.get_by_role("link", name="写预售单").click()
    page.wait_for_selector("body[data-ready]")
    return page


def write(page: Any, **cases: int) -> None:
    for sku, number in cases.items():
        row = page.locator(f"[data-sku={sku}]")
        if not row.is_visible():
            page.get_by_role("button", name="加商品").click()
        for _time in range(number):
            row.get_by_role("button", name="加一").click()


def keep(page: Any) -> None:
    page.locator("[data-queues]").click()


def states(page: Any) -> list[str]:
    found: list[str] = page.locator("[data-queue-rows] > li").evaluate_all(
        "rows => rows.map(row => row.dataset.state)"
    )
    return found


def until(page: Any, *wanted: str) -> None:
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('[data-queue-rows] > li')]"
        ".map(row => row.dataset.state)) === wanted",
        arg=str(list(wanted)).replace("'", '"').replace(", ", ","),
    )


def at_the_dealer(world: PresaleWorld) -> list[Order]:
    with tenant_active(world.tenant):
        return list(Order.objects.visible_to(an_actor(world.dealer)))


def picture(page: Any, name: str) -> None:
    page.screenshot(path=SCREENS / f"walk3-{name}.png")


def silent(said: list[str]) -> list[str]:
    """Without what a browser says of a network that is not there."""
    return [one for one in said if "net::ERR_" not in one]


def test_an_order_written_without_network_comes_to_the_dealer_once_and_its_writer_sees_the_guarantee(
    phone: Any, world: PresaleWorld, promised: Contract
) -> None:
    page = opened(phone, world)
    said = listened_to(page)
    phone.set_offline(True)
    write(page, LZ1012=3, LZ2021=2, LZ3050=1)
    assert page.locator("[data-band=state]").inner_text() == "离线"
    assert page.locator("[data-sum=total]").inner_text() == "¥564.80"
    picture(page, "2-offline")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(phone, page) == []

    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("[data-sum=total]").inner_text() == "¥564.80"
    keep(page)
    until(page, "waiting")
    assert page.locator("[data-band=unsent]").inner_text() == "1 单待发"
    picture(page, "3-queue")
    assert axe(phone, page) == []
    page.goto(f"/m/outlets/{world.other.id}/presale")
    assert page.locator("h1").inner_text() == "没有网络"
    page.goto(f"{world.address}/presale")
    page.wait_for_selector("body[data-ready]")
    assert at_the_dealer(world) == []

    lost: list[int] = []

    def loses_the_answer(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/presale.json", loses_the_answer)
    phone.set_offline(False)
    page.wait_for_function("() => navigator.onLine")
    while not lost:
        page.wait_for_timeout(100)
    assert lost == [201]
    until(page, "waiting")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "sent")
    picture(page, "4-sent")
    (order,) = at_the_dealer(world)
    assert order.number in page.locator("[data-queue-rows]").inner_text()
    assert (order.kind, str(order.total), order.buyer_id) == ("presale", "536.56", world.outlet.id)

    page.goto("/m/")
    guarantees = page.locator("#guarantees")
    spread = guarantees.locator("li", has_text="价差").inner_text()
    assert "1 次" in spread
    assert "12.60" in spread
    picture(page, "6-spread-guarantee")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(phone, page) == []
    with page.expect_navigation():
        guarantees.get_by_role("link", name="C-0412").click()
    assert page.url.endswith(f"/contracts/{promised.id}")
    assert "1.5" in page.locator("main").inner_text(), "the spread that is guaranteed"
    assert silent(said) == []


def test_a_price_that_changed_meanwhile_is_the_persons_choice(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    said = listened_to(page)
    phone.set_offline(True)
    write(page, LZ1012=3, LZ2021=1)
    keep(page)
    until(page, "waiting")
    world.set_price(world.soy, "95")
    phone.set_offline(False)
    until(page, "needs")
    told = page.locator("[data-entry=needs]").inner_text()
    assert "276.00" in told
    assert "285.00" in told
    page.locator("[data-state=needs]").scroll_into_view_if_needed()
    page.locator(".tp-toast").wait_for(state="detached")
    picture(page, "5-needs-you")
    assert axe(phone, page) == []
    assert at_the_dealer(world) == []
    page.get_by_role("button", name="接受 397.00").click()
    until(page, "sent")
    (order,) = at_the_dealer(world)
    assert str(order.total) == "397.00"
    assert [one for one in silent(said) if "409" not in one and "presale.json" not in one] == []


def test_what_the_person_would_rather_change_goes_back_into_the_form(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    phone.set_offline(True)
    write(page, LZ1012=3)
    keep(page)
    until(page, "waiting")
    world.set_price(world.soy, "95")
    phone.set_offline(False)
    until(page, "needs")
    with page.expect_navigation():
        page.get_by_role("button", name="修改").click()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("[data-sku=LZ1012] .pre-qty").input_value() == "3"
    assert states(page) == []
    page.wait_for_function("() => document.querySelector('[data-sum=total]').textContent === '¥285.00'")
    assert at_the_dealer(world) == []


def test_a_product_that_is_gone_is_named_and_the_others_can_be_sent(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    phone.set_offline(True)
    write(page, LZ1012=1, LZ2021=1)
    keep(page)
    until(page, "waiting")
    with tenant_active(world.tenant):
        world.oyster.stage = "ended"
        world.oyster.save()
    phone.set_offline(False)
    until(page, "needs")
    assert "已停售" in page.locator("[data-entry=needs] tbody").inner_text()
    page.get_by_role("button", name="发其余的 92.00").click()
    until(page, "sent")
    assert [str(one.total) for one in at_the_dealer(world)] == ["92.00"]


def test_the_total_is_the_servers_while_there_is_a_network(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    said = listened_to(page)
    write(page, LZ1012=6)
    page.wait_for_function("() => document.querySelector('[data-sum=total]').textContent === '¥524.40'")
    assert "27.60" in page.locator("[data-sum=saved]").inner_text()
    keep(page)
    until(page, "sent")
    (order,) = at_the_dealer(world)
    assert str(order.total) == "524.40"
    assert said == []


def test_an_in_app_browser_without_a_service_worker_keeps_the_order_in_the_page(
    browser: Any, world: PresaleWorld, served: str
) -> None:
    context = browser.new_context(**PHONE, base_url=served, service_workers="block")
    context.add_init_script("delete Navigator.prototype.serviceWorker; window.indexedDB.open = null;")
    be(context, world.seller, served)
    page = context.new_page()
    said = listened_to(page)
    page.goto(f"{world.address}/presale")
    page.wait_for_selector("body[data-ready]")
    context.set_offline(True)
    write(page, LZ2021=2)
    keep(page)
    until(page, "waiting")
    assert page.evaluate("Object.keys(localStorage).some(name => name.includes('/queue/'))")
    context.set_offline(False)
    until(page, "sent")
    assert [str(one.total) for one in at_the_dealer(world)] == ["224.00"]
    assert silent(said) == []
    context.close()


def test_a_session_that_ended_keeps_the_queue_and_another_person_never_sees_it(
    phone: Any, world: PresaleWorld, served: str
) -> None:
    page = opened(phone, world)
    phone.set_offline(True)
    write(page, LZ1012=1)
    keep(page)
    until(page, "waiting")
    Session.objects.all().delete()
    phone.set_offline(False)
    page.wait_for_selector("[data-queue-sign-in]:visible")
    assert states(page) == ["waiting"]

    be(phone, world.rival, served)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_text("现在登录的是别人").wait_for()
    page.goto("/m/outlets")
    page.wait_for_load_state("networkidle")
    assert page.locator("#presale-queue").is_hidden()
    left = "async () => (await caches.keys()).filter(name => name.startsWith('tripact-pages-'))"
    while page.evaluate(left) != [f"tripact-pages-{world.rival.id}"]:
        page.wait_for_timeout(100)
    assert at_the_dealer(world) == []

    be(phone, world.seller, served)
    page.goto("/m/outlets")
    until(page, "sent")
    assert len(at_the_dealer(world)) == 1


def test_signing_out_warns_of_what_is_not_sent(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    phone.set_offline(True)
    write(page, LZ1012=1)
    keep(page)
    until(page, "waiting")
    page.route("**/presale.json", lambda route: route.abort())
    phone.set_offline(False)
    page.goto("/m/outlets")
    page.wait_for_load_state("networkidle")
    asked = []

    def stays(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stays)
    page.evaluate(
        "() => { const form = document.createElement('form'); form.method = 'post';"
        " form.action = '/sign-out';"
        " document.body.append(form); form.requestSubmit(); }"
    )
    while not asked:
        page.wait_for_timeout(100)
    assert "还有 1 张订单没发出" in asked[0]
    assert page.url.endswith("/m/outlets")


def test_a_price_says_why_without_network(phone: Any, world: PresaleWorld) -> None:
    page = opened(phone, world)
    phone.set_offline(True)
    row = page.locator("[data-sku=LZ1012]")
    row.get_by_role("button", name="92.00").click()
    assert "92.00 / 箱，价目表" in row.locator("[data-row=why]").inner_text()


def test_the_pages_fit_small_phones_and_everyone_can_use_them(phone: Any, world: PresaleWorld) -> None:
    page = phone.new_page()
    said = listened_to(page)
    for path, name in (
        ("/m/outlets", "0-outlets"),
        (world.address, "1-outlet"),
        (f"{world.address}/presale", ""),
    ):
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            if name and width == 390:
                picture(page, name)
        assert axe(phone, page) == [], path
    assert said == []


def test_an_order_is_placed_without_any_script(browser: Any, world: PresaleWorld, served: str) -> None:
    context = browser.new_context(**PHONE, base_url=served, java_script_enabled=False)
    be(context, world.seller, served)
    page = context.new_page()
    page.goto(f"{world.address}/presale")
    page.locator("[name=q_LZ1012]").fill("2")
    page.get_by_role("button", name="计算合计").click()
    page.get_by_role("button", name="按 184.00 下单").click()
    page.get_by_text("已下。").wait_for()
    assert [str(one.total) for one in at_the_dealer(world)] == ["184.00"]
    context.close()
