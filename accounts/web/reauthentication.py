"""Before a deed on one's own account: who it is has been shown lately, and nobody else shares it."""

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
from accounts.web.throttled import too_many

View = Callable[..., HttpResponse]
LATELY = timedelta(minutes=10)


def ones_own(view: View) -> View:
    """Shut in the demonstration: its people are everybody's, and what one visitor changes of their
    accounts would lock the next one out."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.session.get(session.DEMO):
            return render(request, "accounts/shut.html", status=403)
        return view(request, *args, **kwargs)

    return opened


def shown_lately(page: str = "") -> Callable[[View], View]:
    """Asks for the password first, unless the sign-in or the last password is of some minutes ago: a
    browser left open must not become another's way in. It goes on at the page of that name, else at
    the view's own."""

    def guard(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            shown = int(request.session.get(session.PROVED, 0))
            if int(timezone.now().timestamp()) - shown <= LATELY.total_seconds():
                return view(request, *args, **kwargs)
            onward = reverse(page) if page else request.path
            return redirect(f"{reverse('own-password')}?{urlencode({'next': onward})}")

        return opened

    return guard


@sensitive_post_parameters("password")
@never_cache
@login_required
@ones_own
def own_password(request: HttpRequest) -> HttpResponse:
    """The password once more; who has none signs in anew. Wrong ones make the next wait longer."""
    user: User = request.user  # type: ignore[assignment]
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
    """A path of ours, or ""; never the name of a view, which a redirect would look up."""
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe and to.startswith("/") else ""


def password_turns(user: User) -> str:
    """What guesses at the password of who is signed in are counted under."""
    return f"own-password:{user.pk}"
