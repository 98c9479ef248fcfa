"""Reauthentication: require the password again before an action on the user's own account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from accounts.rate_limits import forget, wait_longer_each_time
from accounts.web import session
from accounts.web.forms import OwnPasswordForm
from accounts.web.requests import PersonRequest
from accounts.web.throttled import too_many

View = Callable[..., HttpResponse]
VALID_FOR = timedelta(minutes=10)


def closed_in_demo(view: View) -> View:
    """Close a view in the demonstration tenant.

    Visitors share its accounts, and a change by one visitor would lock the others out.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.session.get(session.DEMO):
            return render(request, "accounts/shut.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def recently_authenticated(page: str = "") -> Callable[[View], View]:
    """Require the password unless the user typed it within VALID_FOR, for a browser left open.

    Afterwards the user is redirected to the page of that URL name, or to the view itself.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            authenticated_at = int(request.session.get(session.PROVED, 0))
            if int(timezone.now().timestamp()) - authenticated_at <= VALID_FOR.total_seconds():
                return view(request, *args, **kwargs)
            onward = reverse(page) if page else request.path
            return redirect(f"{reverse('own-password')}?{urlencode({'next': onward})}")

        return guarded

    return guard


@sensitive_post_parameters("password")
@never_cache
@login_required
@closed_in_demo
def own_password(request: PersonRequest) -> HttpResponse:
    """Ask for the password again; a user without one signs in again. Wrong ones increase the wait."""
    user = request.user
    to = own_page(request, request.POST.get("next") or request.GET.get("next") or "")
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if seconds := wait_longer_each_time(password_turns(user)):
            return too_many(request, seconds, name=True)
        if user.check_password(form.cleaned_data["password"]):
            forget(password_turns(user))
            request.session[session.PROVED] = int(timezone.now().timestamp())
            return redirect(to or "me")
        form.add_error("password", _("This is not your password. Capitals count."))
    page = {"form": form, "next": to, "has_password": user.has_usable_password()}
    return render(request, "accounts/own_password.html", page)


def own_page(request: HttpRequest, to: str) -> str:
    """Return the path of one of our pages, or "". A URL name, which `redirect` would resolve, gives ""."""
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe and to.startswith("/") else ""


def password_turns(user: User) -> str:
    """Return the name by which guesses at a signed-in user's password are counted."""
    return f"own-password:{user.pk}"
