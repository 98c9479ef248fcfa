"""Require an Idempotency-Key on every write of the API, so that a retry is safe.

`enter_by_key` claims the key by an INSERT in the request's own transaction. A second request with the
same key waits for the first one's commit and then finds the stored answer.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

from integrations.authentication import ApiRequest, Claim, StoredAnswer
from kernel.refusals import PROBLEM_JSON, problem_body
from tenancy.models import new_id

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
HEADER = "Idempotency-Key"
MAX_KEY_CHARACTERS = 200
# These answers depend on the moment. If they were stored, a retry would get them even after the wait
# was over or the right was given.
UNSTORED_STATUSES = {401, 403, 429}


def claim_of(request: HttpRequest) -> Claim | None:
    """Return the claim of a write; None for a read and for a computation that stores nothing.

    It is None too for a write without a valid Idempotency-Key, which IdempotencyMiddleware refuses.
    """
    if not _needs_key(request):
        return None
    key = request.headers.get(HEADER, "")
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS:
        return None
    method, path = str(request.method).encode(), request.get_full_path().encode()
    request_hash = hashlib.sha256(b"\0".join([method, path, request.body])).hexdigest()
    return Claim(new_id(), key, request_hash)


def _needs_key(request: HttpRequest) -> bool:
    pure = request.path_info.startswith("/api/v1/simulations/") or request.path_info == "/api/v1/quotes"
    return request.method in WRITES and not pure and _has_method(request)


def _has_method(request: HttpRequest) -> bool:
    """Return whether the route has this method; if not, its view answers 405, with or without a key."""
    try:
        view = getattr(resolve(request.path_info).func, "cls", None)
    except Resolver404:
        return False
    return view is None or hasattr(view, str(request.method).lower())


class IdempotencyMiddleware:
    """Answer a repeated write with the stored answer; store the answer of a new one.

    `enter_by_key` has claimed the key (`request.claim`) and found the earlier answer, if any
    (`request.earlier_answer`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ApiRequest) -> HttpResponse:
        api_key = getattr(request, "api_key", None)
        if api_key is None or not _needs_key(request):
            return self.get_response(request)
        claim = request.claim
        if claim is None:
            return _problem(
                400, "idempotency_key_missing", f"A write names a {HEADER} of 1 to 200 characters."
            )
        earlier = request.earlier_answer
        if earlier is not None:
            return _replayed(earlier, claim)
        response = self._answer(request)
        if response.status_code in UNSTORED_STATUSES:
            _forget(claim.record_id, api_key)
        elif response.status_code < 500:
            _store(claim.record_id, api_key, response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """Return the view's answer; a refusal rolls back what the view did, but not the claim.

        The savepoint is set as by transaction.atomic(), but not released at the end: the commit that
        follows does so without a statement. A rollback also drops the view's on_commit callbacks.
        """
        database = transaction.get_connection()
        savepoint = database.savepoint()
        database.savepoint_ids.append(savepoint)
        try:
            response = self.get_response(request)
        finally:
            database.savepoint_ids.pop()
        if response.status_code >= 400 or database.needs_rollback:
            database.needs_rollback = False
            database.savepoint_rollback(savepoint)
        return response


def _replayed(earlier: StoredAnswer, claim: Claim) -> HttpResponse:
    if earlier.request_hash != claim.request_hash:
        return _problem(422, "idempotency_key_reused", f"This {HEADER} was used for another request.")
    return HttpResponse(
        zlib.decompress(earlier.body),
        status=earlier.status,
        content_type=earlier.content_type,
        headers={"Idempotent-Replayed": "true"},
    )


def _store(record_id: Any, api_key: Any, response: HttpResponse) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_idempotencyrecord SET status = %s, body = %s, content_type = %s"
            " WHERE tenant_id = %s AND id = %s",
            [
                response.status_code,
                zlib.compress(response.content, 1),
                response.headers.get("Content-Type", ""),
                api_key.tenant_id,
                record_id,
            ],
        )


def _forget(record_id: Any, api_key: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_idempotencyrecord WHERE tenant_id = %s AND id = %s",
            [api_key.tenant_id, record_id],
        )


def _problem(status: int, code: str, detail: str) -> HttpResponse:
    return JsonResponse(problem_body(status, code, detail), status=status, content_type=PROBLEM_JSON)
