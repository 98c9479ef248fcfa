"""The pages in a real browser: no violation of the policy, no overflow, nothing axe objects to."""

import os
import shutil
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from tests.people import a_member_of, as_owner

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
AXE = Path(django_settings.NODE_MODULES) / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium fonts-wqy-microhei"),
]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def _closing(application):
    """Each thread's connection ends with its request."""

    def serve(environ, start_response):
        try:
            yield from application(environ, start_response)
        finally:
            connections.close_all()

    return serve


@pytest.fixture
def site(committed, settings):
    """A server beside the test, and a demonstration with someone of each kind; its address."""
    from tenancy.models import Tenant

    settings.DEMO_SIGN_IN = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    acme = Tenant.objects.get(slug="acme")
    as_owner("UPDATE tenancy_tenant SET is_demo = true WHERE id = %s", acme.pk)
    for kind in ("manufacturer", "dealer", "member"):
        a_member_of(acme, kind)
    application = _closing(StaticFilesHandler(get_wsgi_application()))
    server = make_server("127.0.0.1", 0, application, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    as_owner("UPDATE tenancy_tenant SET is_demo = false WHERE id = %s", acme.pk)


@pytest.fixture(scope="module")
def browser():
    """Driven from a thread of its own: Playwright's event loop would make Django refuse the ORM."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _listened_to(page) -> list[str]:
    """What the page complains of, from now on."""
    page.set_default_timeout(90_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    return said


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "zh-CN"), (390, "en-US")])
def test_each_home_keeps_to_the_policy_fits_and_can_be_used_by_everyone(site, browser, width, language):
    for role in range(3):
        context = browser.new_context(viewport={"width": width, "height": 844}, locale=language)
        page = context.new_page()
        said = _listened_to(page)
        page.goto(f"{site}/sign-in")
        with page.expect_navigation(wait_until="networkidle"):
            page.locator(".tp-demo form").nth(role).locator("button").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert said == []
        assert _axe(context, page) == []
        context.close()


def _axe(context, page) -> list[str]:
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


def test_the_sign_in_works_without_script(site, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(".tp-demo form button").first.click()
    assert page.locator("h1").inner_text()
    page.locator("header details summary").first.click()
    with page.expect_navigation(wait_until="networkidle"):
        page.locator("header form[action='/sign-out'] button").click()
    assert page.url.endswith("/sign-in")
    context.close()


def test_the_admin_and_the_docs_keep_to_the_policy(site, browser):
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    said = _listened_to(page)
    page.goto(f"{site}/sign-in")
    with page.expect_navigation(wait_until="networkidle"):
        page.locator(".tp-demo form button").first.click()
    for path in ("/admin/", "/admin/dealers/party/add/", "/api/docs"):
        page.goto(f"{site}{path}")
        page.wait_for_load_state("networkidle")
        assert said == [], path
    context.close()
