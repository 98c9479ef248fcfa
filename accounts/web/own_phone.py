"""The page to set the user's own phone number, confirmed by a code sent to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.domain.topics import SMS
from accounts.models import User
from accounts.operations import sign_in_codes
from accounts.providers import offered
from accounts.web.forms import CodeForm, PhoneForm
from accounts.web.reauthentication import closed_in_demo, recently_authenticated
from accounts.web.requests import PersonRequest
from accounts.web.sign_in_limits import wait_for_code, wait_for_typed_code
from accounts.web.throttled import too_many
from kernel.refusals import Refusal
from ui.web.submit_once import once

REQUESTED_CODE = "own-phone-code"


@sensitive_post_parameters("code")
@never_cache
@login_required
@closed_in_demo
@recently_authenticated()
@once
def own_phone(request: PersonRequest) -> HttpResponse:
    """Ask for the number, then for the code, in the browser that requested it."""
    if SMS not in offered():
        raise Http404
    user = request.user
    if request.method == "POST" and "code" in request.POST and request.session.get(REQUESTED_CODE):
        phone, code_id = request.session[REQUESTED_CODE]
        return _confirm(request, user, phone, UUID(code_id))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        if seconds := wait_for_code(request, phone):
            return too_many(request, seconds)
        code_id = sign_in_codes.request_code(phone=phone, at=timezone.now(), person_id=user.pk)
        request.session[REQUESTED_CODE] = [phone, str(code_id)]
        return render(request, "accounts/own_phone.html", {"form": CodeForm(), "asked": phone})
    return render(request, "accounts/own_phone.html", {"form": form})


def _confirm(request: HttpRequest, user: User, phone: str, code_id: UUID) -> HttpResponse:
    if seconds := wait_for_typed_code(request):
        return too_many(request, seconds)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            typed, at = form.cleaned_data["code"], timezone.now()
            is_stored = sign_in_codes.save_own_phone(
                user=user, code_id=code_id, phone=phone, typed=typed, at=at
            )
        except Refusal as refusal:
            form.add_error("code", refusal.message)
        else:
            if is_stored:
                del request.session[REQUESTED_CODE]
                messages.success(request, _("This number is confirmed."))
                return redirect("me")
            form.add_error(
                "code", _("This code does not fit, or its five minutes are over. Ask for a new one.")
            )
    return render(request, "accounts/own_phone.html", {"form": form, "asked": phone})
