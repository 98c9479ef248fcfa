"""What was typed when the session had ended: kept for a quarter of an hour, and given back.

A form that arrives signed out is written to the cache under a random name, which a signed cookie
of the browser carries. After the sign-in the page with that form is shown, filled with what was
typed, to whoever was signed in there before; what finds no field in it any more is shown above, so
that nothing is lost. Anybody may send a form: an address, and the person who was here, have only so
many kept a minute, and a browser in which nobody ever signed in has small ones kept alone.
Passwords are never kept, nor files, which the browser asks for again.
"""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from redis import RedisError

from accounts.rate_limits import address_of, wait_for_turn
from accounts.web.form_refill import filled
from accounts.web.session import who_was_here

log = logging.getLogger(__name__)
COOKIE, SALT = "kept", "accounts.kept"
FOR = 15 * 60
MOST, MAX_OF_STRANGERS = 512 * 1024, 16 * 1024
A_MINUTE = 6
OURS = {"csrfmiddlewaretoken", "once"}
MAIN = re.compile(r"<main\b[^>]*>")


def to_the_sign_in(request: HttpRequest) -> HttpResponse:
    """On to the sign-in and back; the form of a POST is kept until then."""
    response: HttpResponse = redirect_to_login(page_of(request), settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
    return kept(request, response)


def kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer that leads away from a form, with the name under which the form is kept."""
    who = who_was_here(request)
    if request.method != "POST" or not (typed := _typed(request, MOST if who else MAX_OF_STRANGERS)):
        return response
    if wait_for_turn(f"kept:{address_of(request)}", settings.SIGN_IN_RATE_PER_ADDRESS):
        return response
    if who and wait_for_turn(f"kept-of:{who}", A_MINUTE):
        return response
    name = secrets.token_urlsafe(18)
    form = {"path": page_of(request), "typed": typed, "who": who}
    try:
        cache.set(_key(name), form, FOR)
    except RedisError as error:
        log.warning("form_not_kept", extra={"error": type(error).__name__})
        return response
    response.set_signed_cookie(
        COOKIE, name, salt=SALT, max_age=FOR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def given_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page as it is, or filled with what its reader had typed before the session ended."""
    if request.method != "GET" or COOKIE not in request.COOKIES or response.status_code != 200:
        return response
    if response.streaming:
        return response
    name = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=FOR) or ""
    form = _taken(name) if name else None
    if form is not None and form["path"] != request.get_full_path():
        return response
    if form is not None and form["who"] in ("", str(request.user.pk)):
        if hasattr(response, "render"):
            response.render()
        page, placed = filled(response.content.decode(response.charset), form["typed"])
        lost = [(key, text) for key, texts in form["typed"].items() if key not in placed for text in texts]
        told = render_to_string("accounts/kept.html", {"lost": lost}, request)
        response.content = MAIN.sub(lambda found: found[0] + told, page, count=1)
        response.headers["Cache-Control"] = "no-store"
    if form is not None:
        cache.delete(_key(name))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def page_of(request: HttpRequest) -> str:
    """The page where the form stands: for a POST the one that it was sent from, if it is ours."""
    if request.method in ("GET", "HEAD") and "HX-Current-URL" not in request.headers:
        return request.get_full_path()
    origin = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if origin.netloc != request.get_host():
        return request.get_full_path()
    return origin.path + (f"?{origin.query}" if origin.query else "")


def _taken(name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] | None = cache.get(_key(name))
    except RedisError as error:
        log.warning("form_not_given_back", extra={"error": type(error).__name__})
        return None
    return found


def _typed(request: HttpRequest, most: int) -> dict[str, list[str]]:
    typed = {
        key: [str(text) for text in texts]
        for key, texts in request.POST.lists()
        if key not in OURS and "password" not in key.lower()
    }
    size = sum(len(key) + sum(map(len, texts)) for key, texts in typed.items())
    return typed if size <= most else {}


def _key(name: str) -> str:
    return f"kept-form:{name}"
