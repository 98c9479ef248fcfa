"""Idempotent forms: a form submitted twice is processed once, and both requests get the same redirect.

The form carries a random token (`{% once %}`); the view is decorated with `once`. The token is inserted
in the request's transaction under a unique key. So a second request waits for the first to commit, and
is processed itself if the first was rolled back. A token that comes back with other content is refused.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kernel.sources import SourceConflict
from tenancy.context import active_tenant_id, has_active_tenant
from tenancy.models import new_id
from ui.models import SentForm

View = Callable[..., HttpResponse]
Content = dict[str, str]
FIELD = "once"
NO_CONTENT = {FIELD, "csrfmiddlewaretoken"}
MAX_CHARACTERS = 64
MAX_VALUE_CHARACTERS, MAX_VALUES_NAMED = 200, 3
MAX_AGE = timedelta(days=2)


class SentWithOtherContent(SourceConflict):
    """The form was sent before with other content; `location` is the page of what it made then."""


def field() -> SafeString:
    """Return the hidden field with a new token; templates use `{% once %}`."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, secrets.token_urlsafe(18))


def fields_of(request: HttpRequest, *args: Any, **kwargs: Any) -> Content:
    """Return the values of a form by the names of its fields, without its sensitive parameters.

    A file is represented by its digest.
    """
    hidden = NO_CONTENT | set(getattr(request, "sensitive_post_parameters", ()))
    content = {
        name: ", ".join(value.strip() for value in values)
        for name, values in request.POST.lists()
        if name not in hidden
    }
    for name, files in request.FILES.lists():
        content[name] = ", ".join(f"{file.name} {_digest(file.read())}" for file in files)
        for file in files:
            file.seek(0)
    return content


def once(view: View | None = None, *, content: Callable[..., Content] = fields_of) -> Any:
    """Process a POST with a token only once; used as `@once` or `@once(content=…)`.

    `content(request, *args, **kwargs)` returns what the form says, by labels that a user understands. A
    repeated form with the same content is redirected like the first, with a message; one with other content
    raises SentWithOtherContent. A view that returns no redirect (a form with errors) has changed nothing, so
    its token may be used again. A refusal rolls the token back with the transaction.
    """
    if view is None:
        return lambda decorated: once(decorated, content=content)

    @wraps(view)
    def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "")[:MAX_CHARACTERS] if request.method == "POST" else ""
        if not token or "\x00" in token or not has_active_tenant() or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        given = {_short(name): _short(value) for name, value in content(request, *args, **kwargs).items()}
        if not _claimed(request.user.pk, token, given):
            first = SentForm.objects.filter(person_id=request.user.pk, token=token).first()
            return _again(request, first, given)
        response = view(request, *args, **kwargs)
        if not connection.needs_rollback:
            _settle(request.user.pk, token, _location(response))
        return response

    return sent


def _again(request: HttpRequest, first: SentForm | None, given: Content) -> HttpResponse:
    """Redirect to what the first form made. Raises SentWithOtherContent."""
    location = first.location if first and first.location else request.path_info
    names = sorted({*given, *first.content}) if first else ()
    differs = [
        {"field": name, "booked": first.content.get(name, ""), "requested": given.get(name, "")}
        for name in names
        if first and first.content.get(name, "") != given.get(name, "")
    ]
    if differs:
        message = _("This form was sent before with other content (%(differences)s). Nothing was done now.")
        named = "; ".join(
            f"{one['field']}: {one['booked'] or '—'} → {one['requested'] or '—'}"
            for one in differs[:MAX_VALUES_NAMED]
        )
        raise SentWithOtherContent(message % {"differences": named}, differs=differs, location=location)
    messages.info(
        request,
        _("This form was sent before: this is what it made. Nothing was done twice."),
        fail_silently=True,
    )
    return HttpResponseRedirect(location)


def _short(value: str) -> str:
    """Return a value as it is stored: a long one by its beginning and its digest."""
    value = value.replace("\x00", "")
    if len(value) <= MAX_VALUE_CHARACTERS:
        return value
    return f"{value[: MAX_VALUE_CHARACTERS // 2]}… {_digest(value.encode(errors='replace'))}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _claimed(person_id: Any, token: str, content: Content) -> bool:
    """Insert the token; return whether it is new. Waits for another transaction with the same token."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ui_sentform (id, tenant_id, person_id, token, location, content, sent_at)"
            " VALUES (%s, %s, %s, %s, '', %s, now())"
            " ON CONFLICT (tenant_id, person_id, token) DO NOTHING",
            [new_id(), active_tenant_id(), person_id, token, json.dumps(content)],
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
