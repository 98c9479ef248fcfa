"""Idempotency-Key on every write of the API: a retry is harmless.

The key is claimed by an INSERT in the request's own transaction: a second request with it waits
for the first one's commit, and then finds the stored answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from kernel.refusals import PROBLEM_JSON, problem_body
from tenancy.models import new_id

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
HEADER = "Idempotency-Key"
# Said of the moment and not of the request: kept, it would be the answer to every retry for good,
# also after the wait was over or the right was given.
PASSING = {401, 403, 429}


class IdempotencyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        api_key = getattr(request, "api_key", None)
        pure = request.path.startswith("/api/v1/simulations/") or request.path == "/api/v1/quotes"
        if api_key is None or request.method not in WRITES or pure:
            return self.get_response(request)
        key = request.headers.get(HEADER, "")
        if not 1 <= len(key) <= 200:
            return _problem(
                400, "idempotency_key_missing", f"A write names a {HEADER} of 1 to 200 characters."
            )
        wanted = hashlib.sha256(
            b"\0".join([request.method.encode(), request.get_full_path().encode(), request.body])
        ).hexdigest()
        record_id, stored = _claim(api_key, key, wanted)
        if stored is not None:
            if stored["request_hash"] != wanted:
                return _problem(422, "idempotency_key_reused", f"This {HEADER} was used for another request.")
            return HttpResponse(
                bytes(stored["body"]),
                status=stored["status"],
                content_type=stored["content_type"],
                headers={"Idempotent-Replayed": "true"},
            )
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        if response.status_code in PASSING:
            _forget(record_id, api_key)
        elif response.status_code < 500:
            _store(record_id, api_key, response)
        return response


def _claim(api_key: Any, key: str, wanted: str) -> tuple[Any, dict[str, Any] | None]:
    record_id = new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_idempotencyrecord"
            " (id, tenant_id, api_key_id, key, request_hash, body, content_type, created_at)"
            " VALUES (%s, %s, %s, %s, %s, '', '', %s)"
            " ON CONFLICT (tenant_id, api_key_id, key) DO NOTHING",
            [record_id, api_key.tenant_id, api_key.id, key, wanted, timezone.now()],
        )
        if cursor.rowcount:
            return record_id, None
        cursor.execute(
            "SELECT request_hash, status, body, content_type FROM integrations_idempotencyrecord"
            " WHERE tenant_id = %s AND api_key_id = %s AND key = %s",
            [api_key.tenant_id, api_key.id, key],
        )
        names = ("request_hash", "status", "body", "content_type")
        return None, dict(zip(names, cursor.fetchone(), strict=True))


def _store(record_id: Any, api_key: Any, response: HttpResponse) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_idempotencyrecord SET status = %s, body = %s, content_type = %s"
            " WHERE tenant_id = %s AND id = %s",
            [response.status_code, response.content, response.headers.get("Content-Type", ""),
             api_key.tenant_id, record_id],
        )  # fmt: skip


def _forget(record_id: Any, api_key: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_idempotencyrecord WHERE tenant_id = %s AND id = %s",
            [api_key.tenant_id, record_id],
        )


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse(problem_body(status, code, detail), status=status, content_type=PROBLEM_JSON)
