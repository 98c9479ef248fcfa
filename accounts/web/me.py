"""My account: the devices in which I am signed in, and the second factor."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.domain.topics import SMS
from accounts.models import User
from accounts.operations import devices, second_factor
from accounts.providers import offered
from accounts.rights import Actor
from accounts.web import session
from accounts.web.forms import CodeForm
from accounts.web.reading import browser_name
from accounts.web.second_step import owes_second_factor
from kernel.refusals import Refusal


@login_required
def me(request: HttpRequest) -> HttpResponse:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    governs = actor is not None and actor.may("people.edit")
    by_phone = SMS in offered() and not request.session.get(session.DEMO)
    return render(request, "accounts/me.html", {"governs": governs, "by_phone": by_phone})


@login_required
def my_devices(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    here = request.session.get(session.DEVICE, "")
    found = devices.devices_of(user_id=user.pk, here=here, at=timezone.now())
    rows = [{"one": one, "name": browser_name(one.browser)} for one in found]
    return render(request, "accounts/devices.html", {"rows": rows})


@require_POST
@login_required
def end_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    devices.end_device(device_id=device_id, user_id=user.pk)
    messages.success(request, _("Signed out there."))
    return redirect("devices")


@require_POST
@login_required
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Every other session ends at once; this one goes on with a new key."""
    user: User = request.user  # type: ignore[assignment]
    devices.end_everywhere(user=user)
    update_session_auth_hash(request, user)
    messages.success(request, _("Every other session has ended."))
    return redirect("devices")


@sensitive_post_parameters("code")
@never_cache
@login_required
def my_second_factor(request: HttpRequest) -> HttpResponse:
    """Switched on: new backup codes, or off again. Switched off: the first step of switching on."""
    user: User = request.user  # type: ignore[assignment]
    if user.second_factor_at is None:
        return _set_up(request, user, CodeForm())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed, deed = form.cleaned_data["code"], request.POST.get("deed")
        try:
            if deed == "off":
                second_factor.turn_off(user=user, typed=typed)
                messages.success(request, _("The second factor is switched off."))
                return redirect("me")
            return _codes(request, second_factor.renew_codes(user=user, typed=typed))
        except Refusal as refusal:
            form.add_error("code", refusal.message)
    page = {"form": form, "left": second_factor.codes_left(user=user)}
    return render(request, "accounts/second_factor.html", page)


@sensitive_post_parameters("code")
@never_cache
@require_POST
@login_required
def second_factor_on(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = CodeForm(request.POST)
    if user.second_factor_at is not None:
        return redirect("second-factor")
    if form.is_valid():
        try:
            codes = second_factor.confirm(user=user, typed=form.cleaned_data["code"], at=timezone.now())
        except Refusal as refusal:
            form.add_error("code", refusal.message)
        else:
            request.session[session.PASSED] = True
            return _codes(request, codes)
    return _set_up(request, user, form)


def _set_up(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    device = second_factor.begin(user=user)
    page: dict[str, Any] = {
        "form": form,
        "secret": second_factor.secret_of(device),
        "picture": _picture(second_factor.link_of(device, user)),
        "owed": owes_second_factor(request, user),
    }
    return render(request, "accounts/second_factor_on.html", page)


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/backup_codes.html", {"codes": codes})


def _picture(link: str) -> SafeString:
    """A QR code as SVG without inline style, dark on light whatever the page's colours are."""
    made = io.BytesIO()
    segno.make(link, error="m").save(
        made, kind="svg", xmldecl=False, svgns=True, scale=5, border=3, dark="#000000", light="#ffffff",
        nl=False, title=_("The second factor's secret as a QR code"),
    )  # fmt: skip
    return mark_safe(made.getvalue().decode())  # noqa: S308 drawn here, of a name that is quoted
