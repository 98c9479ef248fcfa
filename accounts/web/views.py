"""Views of a signed-in user: sign out, change the password, switch the membership, choose the language."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.operations.devices import close_device
from accounts.rate_limits import forget, wait_longer_each_time
from accounts.web.forms import LanguageForm, PasswordForm
from accounts.web.reauthentication import View, closed_in_demo, password_turns
from accounts.web.session import BACKEND, CHOSEN, DEMO, DEVICE, enter
from accounts.web.throttled import too_many
from ui.web.requests import TenantRequest

__all__ = [
    "BACKEND",
    "CHOSEN",
    "DEMO",
    "ChangePassword",
    "SignOut",
    "choose_language",
    "enter_demo",
    "switch",
]


class SignOut(LogoutView):
    """Sign out by POST. The browser stays known, but drops the cached pages behind its back button."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        device = request.session.get(DEVICE)
        if device and request.user.is_authenticated:
            close_device(device_id=device, user_id=request.user.pk)
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


class ChangePassword(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return closed_in_demo(cast(View, super().dispatch))(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Limit guesses at the old password in an open browser, as at the sign-in."""
        turns = password_turns(cast(User, request.user))
        if seconds := wait_longer_each_time(turns):
            return too_many(request, seconds, name=True)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        update_session_auth_hash(self.request, form.user)
        forget(password_turns(form.user))
        messages.success(self.request, _("The password is changed; other sessions have ended."))
        return response


@require_POST
@login_required
def switch(request: TenantRequest, membership_id: UUID) -> HttpResponse:
    """Switch to another of the user's memberships; the session gets a new key."""
    mine = {one.id for one in request.memberships}
    if membership_id not in mine:
        raise Http404
    request.session.cycle_key()
    request.session[CHOSEN] = str(membership_id)
    return redirect("home")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Store the language for the person, and in a cookie for the sign-in page."""
    form = LanguageForm(request.POST)
    if not form.is_valid() or form.cleaned_data["language"] not in dict(settings.LANGUAGES):
        raise Http404
    language = form.cleaned_data["language"]
    onward = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(onward if safe else "/")
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 86400,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
    return response


def enter_demo(request: HttpRequest, user_id: UUID, membership_id: UUID) -> HttpResponse:
    """Sign a visitor of the demonstration in; the caller has checked that the account belongs to it."""
    user = User.objects.get(pk=user_id, is_active=True)
    language = translation.get_language()
    if language in dict(settings.LANGUAGES) and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
    enter(request, user)
    request.session[CHOSEN], request.session[DEMO] = str(membership_id), True
    return redirect("home")
