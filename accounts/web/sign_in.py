"""Pages of the sign-in: by name and password, or by phone and code; then the second factor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.domain.topics import SMS
from accounts.models import User
from accounts.operations import devices, second_factor, sign_in_codes
from accounts.providers import offered
from accounts.web import session
from accounts.web.forms import CodeForm, PhoneForm, SecondStepForm, SignInForm
from accounts.web.reauthentication import own_page
from accounts.web.requests import PersonRequest
from accounts.web.sign_in_limits import (
    forget_attempts,
    wait_for_code,
    wait_for_password,
    wait_for_typed_code,
)
from accounts.web.throttled import too_many, ways

PHONE, CODE = "sign-in-phone", "sign-in-code"


class SignIn(LoginView):
    """Sign-in by name and password. `demo_people` in the context offers the accounts of the demonstration.

    Wrong passwords lock the pair of name and address (axes). They also increase the wait for the name in
    all browsers and networks in which the person has never signed in. A browser in which the person has
    signed in has a wait of its own, and no lock (accounts.web.sign_in_limits).
    """

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "").strip()
        if AxesProxyHandler.is_allowed(request, {"username": name}):
            seconds, of_name = wait_for_password(request, name)
            if seconds:
                return too_many(request, seconds, name=of_name)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        forget_attempts(self.request, user)
        session.enter(self.request, user)
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | ways()


@never_cache
def by_code(request: HttpRequest) -> HttpResponse:
    """Ask for a phone number; send a code if a person has it."""
    if SMS not in offered():
        raise Http404
    if request.user.is_authenticated:
        return redirect("home")
    onward = _onward(request)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        if seconds := wait_for_code(request, phone):
            return too_many(request, seconds)
        code_id = sign_in_codes.request_code(phone=phone, at=timezone.now())
        request.session[PHONE], request.session[CODE] = phone, str(code_id)
        return redirect(_with(reverse("sign-in-code"), onward))
    return render(request, "accounts/by_code.html", {"form": form, "next": onward, **ways()})


@sensitive_post_parameters("code")
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and sign the person in.

    The message is the same for a code that is wrong, expired, used up, of an unknown number or requested in
    another browser.
    """
    phone, code_id = request.session.get(PHONE), request.session.get(CODE)
    if not phone or not code_id or SMS not in offered():
        return redirect("sign-in-by-code")
    onward = _onward(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if seconds := wait_for_typed_code(request):
            return too_many(request, seconds)
        if form.is_valid():
            typed = form.cleaned_data["code"]
            user = sign_in_codes.person_of_code(
                code_id=UUID(code_id), phone=phone, typed=typed, at=timezone.now()
            )
            if user is not None:
                request.session.pop(PHONE, None)
                request.session.pop(CODE, None)
                session.enter(request, user)
                return redirect(onward or "home")
            form.add_error(
                "code", _("This code does not fit, or its five minutes are over. Ask for a new one.")
            )
    context = {"form": form, "next": onward, "phone": phone, "is_development": settings.DEBUG, **ways()}
    return render(request, "accounts/code.html", context)


@sensitive_post_parameters("code")
@never_cache
@login_required
def second_step(request: PersonRequest) -> HttpResponse:
    """Ask for the second factor of a user who has signed in."""
    user = request.user
    onward = _onward(request)
    if user.second_factor_at is None or request.session.get(session.PASSED):
        return redirect(onward or "home")
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if seconds := second_factor.seconds_to_wait(user=user, at=at):
            return too_many(request, seconds, name=True)
        if second_factor.passes(user=user, typed=form.cleaned_data["code"]):
            _pass(request, user, form.cleaned_data["remember"])
            return redirect(onward or "home")
        form.add_error("code", _("This code is not right, or was used already. Wait for the next one."))
    return render(request, "accounts/second_step.html", {"form": form, "next": onward})


def _pass(request: HttpRequest, user: User, remember: bool) -> None:
    request.session.cycle_key()
    request.session[session.PASSED] = True
    device = request.session.get(session.DEVICE)
    if remember and device:
        devices.trust_device(device_id=device, user_id=user.pk, at=timezone.now())


def _onward(request: HttpRequest) -> str:
    """Return the page to redirect to afterwards, if it is one of ours, else ""."""
    return own_page(request, request.POST.get("next") or request.GET.get("next") or "")


def _with(url: str, onward: str) -> str:
    return f"{url}?{urlencode({'next': onward})}" if onward else url
