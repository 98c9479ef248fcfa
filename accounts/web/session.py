"""The session in a browser: opened for a person, known by its browser's cookie, ended."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.operations import devices
from accounts.operations.row_security import as_person
from accounts.rate_limits import address_of

CHOSEN, DEMO = "membership", "demo"
DEVICE, KEY, SEEN, PASSED = "device", "device-key", "device-seen", "second-factor"
PROVED = "proved-at"
BACKEND = "accounts.backends.AccountBackend"
COOKIE, SALT = "browser", "accounts.browser"
WHO, WHO_SALT = "who", "accounts.who"
YEAR = 365 * 86400
SEEN_EVERY = 300


def enter(request: HttpRequest, user: User) -> None:
    """Signs a person in: a session with a new key, in a browser that is known from now on."""
    login(request, user, backend=BACKEND)
    if not request.session.session_key:
        request.session.create()
    at = timezone.now()
    secret = secret_of(request) or devices.new_secret()
    request.new_browser = secret, str(user.pk)  # type: ignore[attr-defined]
    device = devices.open_device(
        user_id=user.pk, secret=secret, session_key=request.session.session_key or "",
        browser=request.headers.get("User-Agent", ""), address=address_of(request), at=at,
    )  # fmt: skip
    request.session[DEVICE] = str(device.id)
    request.session[KEY] = request.session.session_key
    request.session[SEEN] = request.session[PROVED] = int(at.timestamp())
    with as_person(user.pk):
        if devices.is_trusted(user_id=user.pk, secret=secret, at=at):
            request.session[PASSED] = True


def secret_of(request: HttpRequest) -> str:
    """What the browser's own cookie says; "" for one that has none, or a forged one."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""


def who_was_here(request: HttpRequest) -> str:
    """The id of the person who signed in last in this browser."""
    return request.get_signed_cookie(WHO, default="", salt=WHO_SALT) or ""


def with_cookies(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The cookies of a browser in which somebody has just signed in."""
    made = getattr(request, "new_browser", None)
    if made is None:
        return response
    for name, value, salt in ((COOKIE, made[0], SALT), (WHO, made[1], WHO_SALT)):
        response.set_signed_cookie(
            name, value, salt=salt, max_age=YEAR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def goes_on(request: HttpRequest) -> bool:
    """Notes every few minutes that a session is alive; False where its device was ended.

    A session whose key changed is asked at once, so that ending a device always finds its session.
    """
    session, now = request.session, timezone.now()
    user: User = request.user  # type: ignore[assignment]
    device = session.get(DEVICE)
    if device is None:
        return True
    fresh = int(now.timestamp()) - session.get(SEEN, 0) < SEEN_EVERY
    if fresh and session.get(KEY) == session.session_key:
        return True
    alive = devices.see_device(
        device_id=device, user_id=user.pk, session_key=session.session_key or "",
        address=address_of(request), at=now,
    )  # fmt: skip
    session[KEY], session[SEEN] = session.session_key, int(now.timestamp())
    return alive
