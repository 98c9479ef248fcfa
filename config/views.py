"""Health, and the pages that say what went wrong and what to do about it."""

from __future__ import annotations

from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.rights import Actor
from kernel.refusals import PROBLEM_JSON, problem_body
from ordering.queries.contacts import contact_names
from tenancy.context import has_active_tenant
from tenancy.models import Tenant

API = "/api/"
CHIEFS = ["director", "owner"]


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """The database (migrated) and the cache answer too; 503 names the one that does not."""
    checks = {"database": _database, "cache": _cache}
    found = {name: _try(check) for name, check in checks.items()}
    ready = all(answer == "ok" for answer in found.values())
    return JsonResponse({"status": "ok" if ready else "unready", **found}, status=200 if ready else 503)


def _try(check: object) -> str:
    try:
        check()  # type: ignore[operator]
    except Exception as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    Tenant.objects.exists()


def _cache() -> None:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()


def api_not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return _problem(404, "not_found", "There is no such address; /api/schema lists those that there are.")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return api_not_found(request)
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(403, "not_allowed", str(exception) or "This is not allowed.")
    said = {"reason": str(exception or ""), "ask": _who_lets_people_in(request)}
    return render(request, "errors/403.html", said, status=403)


def _who_lets_people_in(request: HttpRequest) -> list[str]:
    """The names of those at the person's own company whom to ask for more rights."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.party_id is None or not has_active_tenant() or connection.needs_rollback:
        return []
    return [] if actor.role in CHIEFS else contact_names(actor.party_id, CHIEFS)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(400, "bad_request", "The request cannot be read.")
    return render(request, "errors/400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path.startswith(API):
        return _problem(403, "not_allowed", reason)
    return render(request, "errors/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says the request's number, by which the log finds it. Reads no database: it may be the cause."""
    number = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    if request.path.startswith(API):
        return _problem(
            500, "internal_error", "Something broke here; nothing was changed.", request_id=number
        )
    return render(request, "errors/500.html", {"request_id": number}, status=500)


def _problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    body = problem_body(status, code, detail, **more)
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)
