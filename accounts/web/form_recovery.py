"""Recovery of a form that was submitted after the session had ended.

The form is stored in the cache for 15 minutes under a random name, which a signed cookie contains. After
the sign-in the page with the form is displayed with the typed values, if the same person signs in; values
without a field on the page are displayed above it. Anybody can submit a form: the number of stored forms
per minute is limited by address and by person, and the size is smaller for a browser in which nobody has
signed in. Passwords and files are never stored.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from accounts.rate_limits import address_of, wait_for_turn
from accounts.web.form_refill import filled
from accounts.web.session import last_person_id
from jobs.optional_cache import use_cache

COOKIE, SALT = "kept", "accounts.kept"
STORED_SECONDS = 15 * 60
MAX_CHARACTERS, MAX_CHARACTERS_UNKNOWN_BROWSER = 512 * 1024, 16 * 1024
MAX_FORMS_A_MINUTE = 6
TOKEN_FIELDS = {"csrfmiddlewaretoken", "once"}
MAIN = re.compile(r"<main\b[^>]*>")


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in and back afterwards; store the form of a POST."""
    response: HttpResponse = redirect_to_login(page_of(request), settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
    return store_form(request, response)


def store_form(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Store the form of a POST, and return the response with the cookie that names it."""
    who = last_person_id(request)
    limit = MAX_CHARACTERS if who else MAX_CHARACTERS_UNKNOWN_BROWSER
    if request.method != "POST" or not (typed := _typed_values(request, limit)):
        return response
    if wait_for_turn(f"kept:{address_of(request)}", settings.SIGN_IN_RATE_PER_ADDRESS):
        return response
    if who and wait_for_turn(f"kept-of:{who}", MAX_FORMS_A_MINUTE):
        return response
    name = secrets.token_urlsafe(18)
    form = {"path": page_of(request), "typed": typed, "who": who}
    if not use_cache(lambda: _store(name, form), False):
        return response
    response.set_signed_cookie(
        COOKIE,
        name,
        salt=SALT,
        max_age=STORED_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def refill_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the page, filled with the stored form if it belongs to this page and user."""
    if request.method != "GET" or COOKIE not in request.COOKIES or response.status_code != 200:
        return response
    if response.streaming:
        return response
    name = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=STORED_SECONDS) or ""
    form = _stored_form(name) if name else None
    if form is not None and form["path"] != request.get_full_path():
        return response
    if form is not None and form["who"] in ("", str(request.user.pk)):
        if hasattr(response, "render"):
            response.render()
        page, placed = filled(response.content.decode(response.charset), form["typed"])
        lost = [(key, text) for key, texts in form["typed"].items() if key not in placed for text in texts]
        note = render_to_string("accounts/form_stored.html", {"lost": lost}, request)
        response.content = MAIN.sub(lambda found: found[0] + note, page, count=1)
        response.headers["Cache-Control"] = "no-store"
    if form is not None:
        use_cache(lambda: cache.delete(_key(name)), False)
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def page_of(request: HttpRequest) -> str:
    """Return the path of the page with the form; for a POST the page that sent it, if it is ours."""
    if request.method in ("GET", "HEAD") and "HX-Current-URL" not in request.headers:
        return request.get_full_path()
    origin = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if origin.netloc != request.get_host():
        return request.get_full_path()
    return origin.path + (f"?{origin.query}" if origin.query else "")


def _store(name: str, form: dict[str, Any]) -> bool:
    cache.set(_key(name), form, STORED_SECONDS)
    return True


def _stored_form(name: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = use_cache(lambda: cache.get(_key(name)), None)
    return found


def _typed_values(request: HttpRequest, limit: int) -> dict[str, list[str]]:
    """Return the fields of a POST to store; {} if they have more than `limit` characters together."""
    typed = {
        key: [str(text) for text in texts]
        for key, texts in request.POST.lists()
        if key not in TOKEN_FIELDS and "password" not in key.lower()
    }
    size = sum(len(key) + sum(map(len, texts)) for key, texts in typed.items())
    return typed if size <= limit else {}


def _key(name: str) -> str:
    return f"kept-form:{name}"
