"""Walk 5: finance settles the month, sees it run, and opens one figure down to its deliveries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from jobs.models import Job
from jobs.operations import jobs
from rebates.models import Statement
from rebates.operations import settling
from rebates.operations.settlement_requests import SETTLE
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER, SCREENS, a_context, axe, enter, listened_to
from tests.browser.walks import Alliance, an_alliance

pytestmark = IN_A_BROWSER
SIZES = [{"width": 1440, "height": 900}, {"width": 390, "height": 844}]


class Worker:
    """Settles in a thread, two parties a step, and stands still after the first step until let go."""

    def __init__(self, alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> None:
        self.alliance, self.go = alliance, threading.Event()
        self.thread: threading.Thread | None = None
        monkeypatch.setattr(settling, "STATEMENTS_A_STEP", 2)
        monkeypatch.setattr(jobs, "nudge_job", lambda *ids: None)
        monkeypatch.setitem(jobs._workers, SETTLE, self._step)

    def _step(self, job: Job) -> jobs.Step:
        if job.done:
            assert self.go.wait(60)
        return settling.settle_step(job)

    def begin(self) -> None:
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def end(self) -> None:
        self.go.set()
        if self.thread is not None:
            self.thread.join(60)

    def _work(self) -> None:
        try:
            with tenant_active(self.alliance.tenant):
                (job,) = Job.objects.filter(kind=SETTLE, state=Job.State.QUEUED)
            jobs.run_job(tenant_id=self.alliance.tenant.id, job_id=job.id)
        finally:
            connections.close_all()


@pytest.fixture
def alliance(served: str) -> Alliance:
    return an_alliance(settled=False)


@pytest.fixture
def worker(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    made = Worker(alliance, monkeypatch)
    yield made
    made.end()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_finance_settles_the_month_and_opens_a_figure_down_to_its_deliveries(
    served: str, browser: Any, alliance: Alliance, worker: Worker, size: dict[str, int]
) -> None:
    context = a_context(browser, viewport=size, locale="zh-CN")
    page = context.new_page()
    said = listened_to(page)
    enter(page, served, alliance.people["manufacturer", "finance"].id)
    page.goto(f"{served}/settlements")
    page.get_by_role("button", name="结算到期").click()
    page.wait_for_url("**/approvals/*")
    _looked_at(context, page, "0-waiting", size)
    _approve(browser, served, alliance, page.url, size)
    with tenant_active(alliance.tenant):
        job_page = f"{served}/jobs/{Job.objects.get(kind='rebates.settle').id}"
    page.goto(job_page)
    worker.begin()
    page.wait_for_function("() => [...document.querySelectorAll('progress')].some(one => one.value > 0)")
    assert "2" in page.locator("main").inner_text()
    _looked_at(context, page, "1-running", size)

    page.goto(f"{served}/settlements")
    page.locator("a", has_text="酱油年度阶梯").first.click()
    page.wait_for_selector("progress")
    _looked_at(context, page, "2-desk-running", size)
    worker.end()
    page.goto(job_page)
    assert "已完成" in page.locator("main").inner_text()

    page.goto(f"{served}/settlements")
    page.locator("a", has_text="酱油年度阶梯").first.click()
    page.wait_for_selector(".tp-why-mark")
    _looked_at(context, page, "3-desk", size)
    page.locator(".tp-why-mark").first.click()
    page.wait_for_selector("#drawer:not([hidden]) table tfoot")
    told = page.locator("#drawer").inner_text()
    with tenant_active(alliance.tenant):
        most = Statement.objects.select_related("party").order_by("-due")[0]
    assert most.party.name in told
    assert "与基数一致" in told
    rows = page.locator("#drawer tbody tr").locator("td:last-child").all_inner_texts()
    deliveries = [Decimal(one.replace(",", "")) for one in rows]
    assert len(deliveries) == 3
    assert sum(deliveries) == most.base
    _looked_at(context, page, "4-figure", size)
    assert said == []
    context.close()


def _approve(browser: Any, served: str, alliance: Alliance, url: str, size: dict[str, int]) -> None:
    """The director sees what finance asks for, and approves it."""
    context = a_context(browser, viewport=size, locale="zh-CN")
    page = context.new_page()
    enter(page, served, alliance.people["manufacturer", "director"].id)
    page.goto(f"{served}/approvals?state=pending")
    _looked_at(context, page, "0-approvals", size)
    page.goto(url)
    _looked_at(context, page, "0-decision", size)
    page.get_by_role("button", name="批准", exact=True).click()
    page.get_by_text("已批准，修改已生效").wait_for()
    page.goto(f"{served}/approvals/rules")
    _looked_at(context, page, "0-rules", size)
    context.close()


def _looked_at(context: Any, page: Any, name: str, size: dict[str, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert axe(context, page) == [], name
    page.screenshot(path=SCREENS / f"walk5-{name}-{size['width']}.png")
