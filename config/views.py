"""The health checks and the error pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.rights import Actor
from dealers.queries.contacts import contact_names
from kernel.refusals import PROBLEM_JSON, problem_body
from tenancy.context import has_active_tenant
from tenancy.models import Tenant

API = "/api/"
CHIEFS = ["director", "owner"]
CACHE_CHECK_SECONDS = 0.5


def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200 while the process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if the migrated database answers, otherwise 503; name each failed check.

    Without the cache the site is ready all the same: a balancer that took it away would turn a cache that
    hangs into an outage.
    """
    database, cache = _try(_database), _try(_cache)
    ready = database == "ok"
    status = "unready" if not ready else "ok" if cache == "ok" else "degraded"
    body = {"status": status, "database": database, "cache": cache}
    return JsonResponse(body, status=200 if ready else 503)


def _try(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    Tenant.objects.exists()


def _cache() -> None:
    limits = {"socket_timeout": CACHE_CHECK_SECONDS, "socket_connect_timeout": CACHE_CHECK_SECONDS}
    with redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **limits) as client:
        client.ping()


def api_not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _problem(404, "not_found", "There is no such address; /api/schema lists those that there are.")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return api_not_found(request)
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(403, "not_allowed", str(exception) or "This is not allowed.")
    context = {"reason": str(exception or ""), "ask": _people_to_ask(request)}
    return render(request, "errors/403.html", context, status=403)


def _people_to_ask(request: HttpRequest) -> list[str]:
    """Return the names of the people at the user's company who can give more rights."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.party_id is None or not has_active_tenant() or connection.needs_rollback:
        return []
    return [] if actor.role in CHIEFS else contact_names(actor.party_id, CHIEFS)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(400, "bad_request", "The request cannot be read.")
    return render(request, "errors/400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path_info.startswith(API):
        return _problem(403, "not_allowed", reason)
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the request id, which is in the log. The database is not read: it may be the cause."""
    number = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if request.path_info.startswith(API):
        return _problem(
            500, "internal_error", "Something broke here; nothing was changed.", request_id=number
        )
    return render(request, "errors/500.html", {"request_id": number}, status=500)


def _problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    body = problem_body(status, code, detail, **more)
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
