"""What was typed when the session had ended: kept for a quarter of an hour, and given back.

A form that arrives signed out is written to the cache under a random name, which a signed cookie
of the browser carries. After the sign-in the page with that form is shown, filled with what was
typed; what finds no field in it any more is shown above, so that nothing is lost. Passwords are
never kept, nor files, which the browser asks for again.
"""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.web.filling import filled

COOKIE, SALT = "kept", "accounts.kept"
FOR = 15 * 60
MOST = 512 * 1024
OURS = {"csrfmiddlewaretoken", "once"}


def to_the_sign_in(request: HttpRequest) -> HttpResponse:
    """On to the sign-in and back; the form of a POST is kept until then."""
    back = _page_of(request)
    response: HttpResponse = redirect_to_login(back, settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": response.headers["Location"]})
    if request.method == "POST" and (typed := _typed(request)):
        name = secrets.token_urlsafe(18)
        cache.set(_key(name), {"path": back, "typed": typed}, FOR)
        response.set_signed_cookie(
            COOKIE, name, salt=SALT, max_age=FOR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def given_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page as it is, or filled with what its reader had typed before the session ended."""
    if request.method != "GET" or COOKIE not in request.COOKIES or response.status_code != 200:
        return response
    name = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=FOR) or ""
    kept = cache.get(_key(name)) if name else None
    if kept is None:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    if kept["path"] != request.get_full_path():
        return response
    if hasattr(response, "render"):
        response.render()
    page, placed = filled(response.content.decode(response.charset), kept["typed"])
    lost = [(key, text) for key, texts in kept["typed"].items() if key not in placed for text in texts]
    response.content = page.replace("</main>", f"{_told(lost)}</main>", 1) if lost else page
    cache.delete(_key(name))
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def is_waiting(request: HttpRequest) -> bool:
    """Whether a form of this browser waits for its sender to sign in."""
    return bool(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=FOR))


def say_so(request: HttpRequest) -> None:
    if is_waiting(request):
        messages.info(request, _("Your session had ended. What you typed is here again: send it once more."))


def _page_of(request: HttpRequest) -> str:
    """The page where the form stands: for a POST the one that it was sent from, if it is ours."""
    if request.method in ("GET", "HEAD") and "HX-Current-URL" not in request.headers:
        return request.get_full_path()
    origin = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if origin.netloc != request.get_host():
        return request.get_full_path()
    return origin.path + (f"?{origin.query}" if origin.query else "")


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    typed = {
        key: [str(text) for text in texts]
        for key, texts in request.POST.lists()
        if key not in OURS and "password" not in key.lower()
    }
    size = sum(len(key) + sum(map(len, texts)) for key, texts in typed.items())
    return typed if size <= MOST else {}


def _told(lost: list[tuple[Any, Any]]) -> str:
    rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", lost)
    title = _("What you had typed and has no field here")
    return format_html(
        '<details class="tp-card" open><summary>{}</summary><dl>{}</dl></details>', title, rows
    )


def _key(name: str) -> str:
    return f"kept-form:{name}"
