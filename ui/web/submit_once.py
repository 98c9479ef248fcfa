"""Idempotent forms: a form submitted twice is processed once, and both requests get the same redirect.

The form carries a random token (`{% once %}`); the view is decorated with `once`. The token is inserted
in the request's transaction under a unique key. So a second request waits for the first to commit, and
is processed itself if the first was rolled back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenancy.context import active_tenant_id, has_active_tenant
from tenancy.models import new_id
from ui.models import SentForm

View = Callable[..., HttpResponse]
FIELD = "once"
MAX_CHARACTERS = 64
MAX_AGE = timedelta(days=2)


def field() -> SafeString:
    """Return the hidden field with a new token; templates use `{% once %}`."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(18))


def once(view: View) -> View:
    """Process a POST with a token only once.

    A view that returns no redirect (a form with errors) has changed nothing, so its token may be used
    again. A refusal rolls the token back with the transaction.
    """

    @wraps(view)
    def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "")[:MAX_CHARACTERS] if request.method == "POST" else ""
        if not token or "\x00" in token or not has_active_tenant() or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if not _claimed(request.user.pk, token):
            first = SentForm.objects.filter(person_id=request.user.pk, token=token).first()
            return HttpResponseRedirect(first.location if first and first.location else request.path)
        response = view(request, *args, **kwargs)
        if not connection.needs_rollback:
            _settle(request.user.pk, token, _location(response))
        return response

    return sent


def _claimed(person_id: Any, token: str) -> bool:
    """Insert the token; return whether it is new. Waits for another transaction with the same token."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ui_sentform (id, tenant_id, person_id, token, location, sent_at)"
            " VALUES (%s, %s, %s, %s, '', now())"
            " ON CONFLICT (tenant_id, person_id, token) DO NOTHING",
            [new_id(), active_tenant_id(), person_id, token],
        )
        return bool(cursor.rowcount)


def _location(response: HttpResponse) -> str:
    if 300 <= response.status_code < 400:
        return str(response.headers.get("Location", ""))
    return str(response.headers.get("HX-Redirect", ""))


def _settle(person_id: Any, token: str, location: str) -> None:
    mine = SentForm.objects.filter(person_id=person_id, token=token)
    if location:
        mine.update(location=location[:2000])
    else:
        mine.delete()


def prune_sent_forms(*, at: datetime, by: Any = None) -> int:
    """Delete the active tenant's tokens older than MAX_AGE; return their number."""
    return int(SentForm.objects.filter(sent_at__lt=at - MAX_AGE).delete()[0])
