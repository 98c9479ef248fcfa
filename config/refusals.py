"""Map refusals to responses: a problem+json body (RFC 9457) for the API, a page for the web."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework import exceptions
from rest_framework.response import Response

from config.views import bad_request
from kernel.refusals import PROBLEM_JSON, Refusal, problem_body

# What Django and PostgreSQL raise for a value that no form has validated, such as an id that is no UUID in
# the address of an admin page: the client's fault, which is logged all the same.
UNVALIDATED = (ValidationError, DataError, UnicodeError)
log = logging.getLogger(__name__)

STATUS = {
    "not_found": 404,
    "not_allowed": 403,
    "idempotency_key_missing": 400,
    "idempotency_in_progress": 409,
    "out_of_stock": 409,
    "scheme_exhausted": 409,
    "scheme_conflicts": 409,
    "credit_exceeded": 409,
    "conflict": 409,
    "source_conflict": 409,
    "wrong_state": 409,
    "job_ended": 409,
    "old_digest": 409,
    "throttled": 429,
    "too_large": 413,
    "region_taken": 409,
    "member_taken": 409,
    "nothing_to_remap": 409,
    "same_person": 403,
    "no_second_person": 409,
    "stale_approval": 409,
    "dry_run_missing": 409,
    "dry_run_outdated": 409,
}


# What Django REST framework calls otherwise than a refusal does.
NAMES = {"permission_denied": "not_allowed"}


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal; 422 by default."""
    return STATUS.get(refusal.code, 422)


def headers_of(refusal: Refusal) -> dict[str, str]:
    """Return the headers of a refusal: Retry-After if it ends by itself."""
    seconds = refusal.details.get("retry_after")
    return {"Retry-After": str(seconds)} if seconds else {}


def refusal_body(refusal: Refusal) -> dict[str, Any]:
    """Return the problem body; a refusal's details never override the standard fields."""
    details = {key: _plain(value) for key, value in refusal.details.items()}
    standard = problem_body(status_of(refusal), refusal.code, refusal.message)
    named = {"code": refusal.code} | ({"field": refusal.field} if refusal.field else {})
    return details | standard | named


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (int, bool, type(None))) else str(value)


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Handle exceptions of DRF views: return a problem body and roll the transaction back."""
    if isinstance(error, Refusal):
        _undo()
        body = refusal_body(error)
        return Response(body, status=body["status"], headers=headers_of(error), content_type=PROBLEM_JSON)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, UNVALIDATED):
        log.warning("input_not_validated: %s", type(error).__name__, exc_info=error)
        error = exceptions.ParseError()
    if not isinstance(error, exceptions.APIException):
        return None
    _undo()
    code = error.get_codes() if isinstance(error.detail, str) else "invalid"
    more: dict[str, Any] = {}
    if isinstance(error.detail, (dict, list)):
        more["errors"] = list(_flatten(error.detail))
        detail = "; ".join(f"{one['field']}: {one['message']}" for one in more["errors"][:5])
    else:
        detail = str(error.detail)
    headers = {}
    if auth_header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    name = NAMES.get(str(code), str(code))
    body = problem_body(error.status_code, name, detail, **more) | {"code": name}
    return Response(body, status=error.status_code, headers=headers, content_type=PROBLEM_JSON)


def _flatten(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for key, value in detail.items():
            inside = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
            yield from _flatten(value, inside)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, (dict, list))
            yield from _flatten(value, f"{path}[{index}]" if nested else path)
    else:
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "message": str(detail)}


def _undo() -> None:
    connection = transaction.get_connection()
    if connection.in_atomic_block:
        transaction.set_rollback(True)


class RefusalMiddleware:
    """Turn a refusal raised by a view into a page that tells the user what to do."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, UNVALIDATED):
            log.warning("input_not_validated: %s", type(error).__name__, exc_info=error)
            _undo()
            request.session.modified = False
            return bad_request(request)
        if not isinstance(error, Refusal):
            return None
        if request.path_info.startswith("/api/"):
            _undo()
            body = refusal_body(error)
            return JsonResponse(
                body, status=body["status"], headers=headers_of(error), content_type=PROBLEM_JSON
            )
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(
                False
            )  # Django forbids queries otherwise, and the frame of the page needs them
        try:
            response = render(request, "refusal.html", {"refusal": error}, status=status_of(error))
            for name, value in headers_of(error).items():
                response.headers[name] = value
        finally:
            _undo()
        request.session.modified = False  # its changes are rolled back too; saving them would fail
        return response
