from __future__ import annotations

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenancy_tenant LIMIT 1")


def _cache() -> None:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
