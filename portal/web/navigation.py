"""The frame around each page: its shell, the navigation of the user, and the entry of the current page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.queries.inbox import unread_count
from accounts.rights import DEALER, MANUFACTURER, Actor
from portal.queries.navigation import Way, open_entries, open_groups
from portal.queries.tenant_progress import TenantProgress, tenant_progress
from tenancy.models import Tenant
from tenancy.rooms import STAFF, NavigationEntry, NavigationGroup

SHELLS = {MANUFACTURER: "base_staff.html", DEALER: "base_dealer.html"}
DRAWER = "drawer"


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame displays, for every template: `shell`, `ways`, `pages`, `unread`, `making`.

    Nothing is looked up before a template uses it, and nothing for a request without an actor.
    """
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"shell": "base_plain.html"}
    return {
        "shell": _shell(request, actor),
        "unread": SimpleLazyObject(lambda: _unread(actor)),
        "ways": SimpleLazyObject(lambda: ways_of(actor, request)),
        "pages": SimpleLazyObject(lambda: pages_beside(actor, request)),
        "making": SimpleLazyObject(lambda: _making(getattr(request, "tenant", None))),
    }


def _unread(actor: Actor) -> int:
    """Return the number of unread messages; 0 on the page of a refusal, whose transaction reads no more."""
    return 0 if connection.needs_rollback else unread_count(actor)


def _making(tenant: Tenant | None) -> TenantProgress | None:
    """How far a demonstration is made; no statement for other tenants, nor in a failed transaction."""
    is_demo = tenant is not None and tenant.is_demo
    return tenant_progress() if is_demo and not connection.needs_rollback else None


def _shell(request: HttpRequest, actor: Actor) -> str:
    """Return the base template; a page loaded into the drawer by htmx has no frame."""
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == DRAWER:
        return "base_drawer.html"
    return SHELLS.get(actor.party_kind, "base_member.html")


def ways_of(actor: Actor, request: HttpRequest) -> list[Way]:
    """Return the main navigation: groups for staff, tabs for dealers, bottom tabs for members."""
    if actor.party_kind in SHELLS:
        return [_way_to(group, entries, request) for group, entries in open_groups(actor)]
    return [
        Way(str(entry.label), entry.icon, url, _reaches(url, request, alone=url == "/m/"))
        for entry, url in open_entries(actor)
    ]


def _way_to(
    group: NavigationGroup | None, entries: list[tuple[NavigationEntry, str]], request: HttpRequest
) -> Way:
    """Return the way to the first page of a group, which it names if it is the only one."""
    first, url = entries[0]
    is_group = group is not None and (len(entries) > 1 or first.door == STAFF)
    label = group.label if is_group and group is not None else first.label
    return Way(str(label), group.icon if group else first.icon, url, _is_one_of(entries, request))


def pages_beside(actor: Actor, request: HttpRequest) -> list[Way]:
    """Return the pages of the current group, for the tabs above its lists; none if it has only one."""
    if actor.party_kind not in SHELLS:
        return []
    for _group, entries in open_groups(actor):
        if len(entries) > 1 and _is_one_of(entries, request):
            return _with_here(entries, request)
    return []


def _with_here(pages: list[tuple[NavigationEntry, str]], request: HttpRequest) -> list[Way]:
    """Mark as current the entry whose URL matches the request most closely."""
    fitting = [url for _page, url in pages if _reaches(url, request)]
    best = max(fitting, key=len, default="")
    return [Way(str(page.label), "", url, url == best) for page, url in pages]


def _is_one_of(pages: list[tuple[NavigationEntry, str]], request: HttpRequest) -> bool:
    return any(_reaches(url, request) for _page, url in pages)


def _reaches(url: str, request: HttpRequest, *, alone: bool = False) -> bool:
    parts = urlsplit(url)
    if parts.path == "/" or alone:
        return request.path == parts.path
    if parts.query and parts.query not in request.META.get("QUERY_STRING", ""):
        return False
    return request.path == parts.path or request.path.startswith(parts.path.rstrip("/") + "/")
