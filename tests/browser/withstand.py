"""What the tests of endurance walk through: a world with something of everything and names that are
too long for it, and every page that a person can reach in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db import connections
from django.urls import Resolver404, resolve

from accounts.models import User
from catalogue.models import Product
from dealers.models import Membership, Party
from tenancy.context import leave_tenant, tenant_active
from tenancy.models import Tenant
from tests.conftest import empty_tables
from tests.isolation.world import World, build
from tests.people import as_owner, signed_in

LONG = "ACME " + "unbreakable" * 12 + " " + "long name of a partner " * 4
NOT_PAGES = {"sign-out", "language", "switch", "demo-sign-in", "presale-worker", "sign-in"}


@dataclass(frozen=True)
class Walked:
    """The world, its address, and the membership of each door's chief."""

    site: str
    world: World
    people: dict[str, Membership]
    known: dict[str, dict[str, str]] = field(default_factory=dict)

    def pages(self, door: str) -> dict[str, str]:
        """The addresses of all pages of a door, looked for once."""
        if door not in self.known:
            self.known[door] = pages_of(self.people[door])
        return self.known[door]

    def enter(self, browser: Any, door: str, language: str = "zh-hans", **options: Any) -> Any:
        """A browser's context in which this door's chief is signed in: by the cookie, without a click."""
        User.objects.filter(pk=self.people[door].user_id).update(language=language)
        self.people[door].user.refresh_from_db()
        client = signed_in(self.people[door])
        context = browser.new_context(**{"locale": "zh-CN", "reduced_motion": "reduce"} | options)
        context.set_default_timeout(90_000)
        context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": self.site}
                for name, morsel in client.cookies.items()
            ]
        )
        return context


@contextmanager
def something_of_everything(site: str, blocker: Any) -> Iterator[Walked]:
    """The isolation world of one tenant, committed; its partners carry names of 200 characters."""
    with blocker.unblock():
        tenant = Tenant.objects.get(slug="acme")
        as_owner("UPDATE tenancy_tenant SET is_demo = true, name = 'Acme' WHERE slug = %s", "acme")
        world = build(tenant, "ACME4K")
        with tenant_active(tenant):
            long = LONG[:200]
            Party.objects.exclude(kind="manufacturer").update(name=long)
            Membership.objects.exclude(party_kind="manufacturer").update(party_name=long)
            Product.objects.update(base_unit="bottle")
            Product.objects.filter(sku__endswith="1").update(name=long[:160])
            people = {
                kind: Membership.objects.select_related("user")
                .filter(party_kind=kind, role=role)
                .order_by("id")[0]
                for kind, role in (("manufacturer", "director"), ("dealer", "owner"), ("member", "owner"))
            }
        yield Walked(site, world, people)
        leave_tenant()
        empty_tables()
        connections.close_all()
        as_owner("UPDATE tenancy_tenant SET is_demo = false, name = '岭珠味业' WHERE slug = %s", "acme")


def settled(page: Any) -> None:
    """Wait until htmx has put every answer into the page and run what follows a swap."""
    until(page, "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")


def until(page: Any, true: str, arg: Any = None, patience: float = 90) -> None:
    """Waits until a function of the page answers something true. (The page's policy lets Playwright's
    own waiting, which evaluates strings, not run.)"""
    deadline = time.monotonic() + patience
    while not page.evaluate(true, arg):
        assert time.monotonic() < deadline, f"waited {patience} s for {true}"
        page.wait_for_timeout(50)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and ((tag == "a" and name == "href") or name == "hx-get"):
                self.found.append(value)


def pages_of(membership: Membership) -> dict[str, str]:
    """One address of each page that this person's links lead to, by the name of its route.

    The walk begins at the home, so it takes in every page of the navigation (portal.web.navigation) and
    whatever those lead to: a room that is added is walked by itself.
    """
    client = signed_in(membership)
    found: dict[str, str] = {}
    visited: set[str] = set()  # a fragment that polls leads to itself
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        name = _name_of(address)
        if not name or name in found or address in visited:
            continue
        visited.add(address)
        answer = client.get(address)
        if answer.status_code == 302:
            waiting.insert(0, urljoin(address, answer["Location"]))
            continue
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        assert answer.status_code == 200, f"{address} answers {answer.status_code} to {membership.role}"
        text = answer.content.decode()
        if "<html" in text:
            found[name] = address
        links = _Links()
        links.feed(text)
        waiting += [urljoin(address, link) for link in links.found]
    return found


def _name_of(address: str) -> str:
    """What an address is walked under; empty for what is no page of ours."""
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/") or parts.path.startswith(("/admin", "/api", "/static")):
        return ""
    try:
        found = resolve(parts.path)
    except Resolver404:
        return ""
    if (found.url_name or "") in NOT_PAGES:
        return ""
    kind = f"-{found.kwargs['kind']}" if "kind" in found.kwargs else ""
    return f"{found.url_name}{kind}{'?side' if 'side=sold' in parts.query else ''}"
