"""The tenant of a public page, which its address names. An open tenant only, and on its host only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from tenancy.context import tenant_active
from tenancy.models import Tenant, TenantHost

View = Callable[..., HttpResponse]


def of_tenant(view: View) -> View:
    """Run a public view in the tenant of its `slug`, as nobody's person: it sets no `request.actor`.

    Raises Http404 for an unknown or closed tenant, and on the host of another tenant. The middleware enters
    no session's tenant for these paths (config.middleware.ANONYMOUS).
    """

    @wraps(view)
    def entered(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        tenant = Tenant.objects.filter(slug=slug, is_open=True).first()
        host = request.get_host().partition(":")[0].lower()
        if tenant is None or TenantHost.objects.filter(host=host).exclude(tenant=tenant).exists():
            raise Http404
        timezone.activate(tenant.timezone)
        with tenant_active(tenant):
            return view(request, tenant, *args, **kwargs)

    return entered
