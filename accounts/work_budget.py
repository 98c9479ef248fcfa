"""The price of computations that anybody may ask for: simulations, what-if forms and quotes.

Each key or person has a budget of steps a minute and runs one computation at a time. The budget is
counted in the cache, like the rate limits; the turn is a lock of the database, which ends with the
request whatever becomes of it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rate_limits import wait_after_work
from kernel.refusals import Refusal

MAX_BODY_BYTES = 512 * 1024
BYTES_A_STEP = 10
SECONDS_TO_TRY_AGAIN = 1


class TooManyRequests(Refusal):
    """A refusal that ends by itself; `retry_after` in the details is the seconds to wait."""

    code = "throttled"


class BodyTooLarge(Refusal):
    code = "too_large"


def begin_work(request: Any) -> None:
    """Begin a computation for the key or person of a request, before its body is read.

    Raises BodyTooLarge, and TooManyRequests if another one runs or the budget of the minute is spent.
    """
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > MAX_BODY_BYTES:
        message = _("This is too long: send at most %(most)s kB.") % {"most": MAX_BODY_BYTES // 1024}
        raise BodyTooLarge(message)
    if not _is_alone(_caller_of(request)):
        message = _("Another calculation of yours is still running. Wait for its answer, then try again.")
        raise TooManyRequests(message, retry_after=SECONDS_TO_TRY_AGAIN)
    spend_work(request, size // BYTES_A_STEP)


def spend_work(request: Any, steps: int) -> None:
    """Count steps of a computation that has begun. A step takes about two microseconds.

    Raises TooManyRequests if the budget of the minute is spent.
    """
    if seconds := wait_after_work(_caller_of(request), steps, settings.WORK_STEPS_A_MINUTE):
        message = ngettext(
            "You have calculated much within a minute. Go on in %(seconds)s second.",
            "You have calculated much within a minute. Go on in %(seconds)s seconds.",
            seconds,
        )
        raise TooManyRequests(message % {"seconds": seconds}, retry_after=seconds)


def mark_throttled(response: HttpResponse, refusal: TooManyRequests) -> HttpResponse:
    """Return the page of a computation that has to wait, as 429 with Retry-After."""
    response.status_code = 429
    response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def _caller_of(request: Any) -> str:
    key = getattr(request, "api_key", None)
    return f"work-of-key:{key.id}" if key is not None else f"work-of-person:{request.user.pk}"


def _is_alone(caller: str) -> bool:
    """Take the caller's turn until the end of this transaction; return False if another request has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [caller])
        return bool(cursor.fetchone()[0])
