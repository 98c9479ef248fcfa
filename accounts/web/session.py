"""The session in a browser: sign a person in, recognise the browser, check that the session is active."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.operations import devices
from accounts.operations.row_security import as_person
from accounts.rate_limits import address_of
from accounts.web.requests import PersonRequest

CHOSEN, DEMO = "membership", "demo"
DEVICE, KEY, VISITED, PASSED = "device", "device-key", "device-seen", "second-factor"
PROVED = "proved-at"
BACKEND = "accounts.backends.AccountBackend"
COOKIE, SALT = "browser", "accounts.browser"
NEW_BROWSER = "new_browser"
WHO, WHO_SALT = "who", "accounts.who"
YEAR_SECONDS = 365 * 86400
VISIT_INTERVAL_SECONDS = 300


def enter(request: HttpRequest, user: User) -> None:
    """Sign a person in: open a session with a new key and record the browser."""
    login(request, user, backend=BACKEND)
    if not request.session.session_key:
        request.session.create()
    at = timezone.now()
    secret = secret_of(request) or devices.new_secret()
    setattr(request, NEW_BROWSER, (secret, str(user.pk)))
    device = devices.open_device(
        user_id=user.pk,
        secret=secret,
        session_key=request.session.session_key or "",
        browser=request.headers.get("User-Agent", ""),
        address=address_of(request),
        at=at,
    )
    request.session[DEVICE] = str(device.id)
    request.session[KEY] = request.session.session_key
    request.session[VISITED] = request.session[PROVED] = int(at.timestamp())
    with as_person(user.pk):
        if devices.is_trusted(user_id=user.pk, secret=secret, at=at):
            request.session[PASSED] = True


def secret_of(request: HttpRequest) -> str:
    """Return the secret in the browser's cookie; "" if it has none or a forged one."""
    return request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""


def last_person_id(request: HttpRequest) -> str:
    """Return the id of the person who last signed in in this browser, or ""."""
    return request.get_signed_cookie(WHO, default="", salt=WHO_SALT) or ""


def with_cookies(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response with the cookies of a browser in which a person has just signed in."""
    new_browser = getattr(request, NEW_BROWSER, None)
    if new_browser is None:
        return response
    secret, person_id = new_browser
    for name, value, salt in ((COOKIE, secret, SALT), (WHO, person_id, WHO_SALT)):
        response.set_signed_cookie(
            name,
            value,
            salt=salt,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def continues(request: PersonRequest) -> bool:
    """Return whether the session continues: false if its device was ended.

    The visit is recorded every VISIT_INTERVAL_SECONDS, and at once if the session's key has changed, so
    that ending a device always finds its session.
    """
    session, now = request.session, timezone.now()
    user = request.user
    device = session.get(DEVICE)
    if device is None:
        return True
    fresh = int(now.timestamp()) - session.get(VISITED, 0) < VISIT_INTERVAL_SECONDS
    if fresh and session.get(KEY) == session.session_key:
        return True
    is_active = devices.record_visit(
        device_id=device,
        user_id=user.pk,
        session_key=session.session_key or "",
        address=address_of(request),
        at=now,
    )
    session[KEY], session[VISITED] = session.session_key, int(now.timestamp())
    return is_active
