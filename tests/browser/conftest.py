"""A site to look at, a browser to look with, and what a page may complain of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings

from tests.browser.withstand import Walked, something_of_everything
from tests.people import a_member_of, as_owner
from tests.processes import environment, web

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
AXE = Path(django_settings.NODE_MODULES) / "axe-core" / "axe.min.js"
PATIENCE = 90_000
SCREENS = Path(os.environ.get("SCREENS") or django_settings.VAR_DIR / "screens")
SCREENS.mkdir(parents=True, exist_ok=True)
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium fonts-wqy-microhei"),
]


@pytest.fixture(scope="session")
def web_process(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole site in a process of its own, over the tests' database; its address."""
    told = environment(redis_url=urlsplit(django_settings.REDIS_URL)._replace(path="/9").geturl())
    told |= {"DEBUG": "1", "DEMO_SIGN_IN": "1", "SIGN_IN_RATE_PER_ADDRESS": "0", "LOG_LEVEL": "WARNING"}
    with web(told, tmp_path_factory.mktemp("site")) as (_, address):
        yield address


@pytest.fixture
def served(web_process: str, committed: str) -> Iterator[str]:
    """A site in which each of the demonstration's people is one click away; its address."""
    as_owner("UPDATE tenancy_tenant SET is_demo = true WHERE slug = %s", "acme")
    yield web_process
    as_owner("UPDATE tenancy_tenant SET is_demo = false WHERE slug = %s", "acme")


@pytest.fixture
def site(served: str) -> str:
    """A server, and a demonstration with someone of each kind; its address."""
    from tenancy.models import Tenant

    acme = Tenant.objects.get(slug="acme")
    for kind in ("manufacturer", "dealer", "member"):
        a_member_of(acme, kind)
    return served


@pytest.fixture(scope="module")
def walked(web_process: str, browser: Any, django_db_blocker: Any) -> Iterator[Walked]:
    """A site with something of everything in it, for the tests of what it must withstand.

    It begins after the browser and ends before it: Django keeps the connections of a thread apart
    by whether an event loop runs in it, and only those of now can be closed.
    """
    with something_of_everything(web_process, django_db_blocker) as walked:
        yield walked


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Driven from a thread of its own: Playwright's event loop would make Django refuse the ORM."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def a_context(browser: Any, **options: Any) -> Any:
    """A visitor: as patient with every page as a busy machine needs; what moves has arrived at once."""
    context = browser.new_context(**{"reduced_motion": "reduce"} | options)
    context.set_default_timeout(PATIENCE)
    return context


def listened_to(page: Any) -> list[str]:
    """What the page complains of, from now on: console errors (the policy's too), failed answers."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    return said


def axe(context: Any, page: Any) -> list[str]:
    """WCAG 2.2 AA. The checker comes in through the debugger, for the policy lets no script in."""
    session = context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    tags = '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]'
    asked = (
        f"axe.run({{runOnly: {tags}}}).then(found => found.violations.map("
        "one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')))"
    )
    answer = session.send(
        "Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True}
    )
    return list(answer["result"]["value"])


def enter(page: Any, site: str, membership_id: Any) -> None:
    """Signs a browser in as one of the demonstration's people; it lands on their home."""
    page.goto(f"{site}/sign-in")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(f"form[action='/demo-sign-in/{membership_id}'] button").click()
