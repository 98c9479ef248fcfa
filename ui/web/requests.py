"""What the middleware adds to a request of a person who has entered a tenant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from kernel.typed_input import UnreadableInput, read_count
from tenancy.models import Tenant


class TenantRequest(HttpRequest):
    """A request in a tenant. `right` is what the view requires; `actor` is typed by accounts.web.requests."""

    actor: Any
    tenant: Tenant
    membership: Any
    memberships: list[Any]
    right: str | None
    htmx: HtmxDetails


def displayed_version(post: QueryDict, *, otherwise: int = 0) -> int:
    """Return the version that the form displayed, `otherwise` for a form that names none."""
    try:
        return read_count(post.get("version", ""))
    except UnreadableInput:
        return otherwise
