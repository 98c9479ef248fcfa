"""Pages of the user's own account: devices and the second factor."""

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

from accounts.domain.topics import MAIL, SMS
from accounts.operations import devices, second_factor
from accounts.providers import offered
from accounts.rights import Actor
from accounts.web import session
from accounts.web.forms import CodeForm
from accounts.web.reauthentication import closed_in_demo, recently_authenticated
from accounts.web.requests import PersonRequest
from accounts.web.second_factor_step import owes_second_factor
from accounts.web.throttled import too_many
from accounts.web.user_agents import browser_name
from kernel.refusals import Refusal
from ui.web.requests import TenantRequest
from ui.web.submit_once import once

SETUP = "second-factor-setup"
SETUP_SECONDS = 15 * 60


@login_required
def me(request: TenantRequest) -> HttpResponse:
    actor: Actor | None = request.actor
    governs = actor is not None and actor.may("people.edit")
    page = {
        "governs": governs,
        "by_phone": SMS in offered(),
        "by_mail": MAIL in offered(),
        "shared": bool(request.session.get(session.DEMO)),
    }
    return render(request, "accounts/me.html", page)


@login_required
@closed_in_demo
def my_devices(request: PersonRequest) -> HttpResponse:
    user = request.user
    here = request.session.get(session.DEVICE, "")
    found = devices.devices_of(user_id=user.pk, here=here, at=timezone.now())
    rows = [{"one": one, "name": browser_name(one.browser)} for one in found]
    return render(request, "accounts/devices.html", {"rows": rows})


@require_POST
@login_required
@closed_in_demo
@once
def end_device(request: PersonRequest, device_id: UUID) -> HttpResponse:
    user = request.user
    devices.end_device(device_id=device_id, user_id=user.pk)
    messages.success(request, _("Signed out there."))
    return redirect("devices")


@require_POST
@login_required
@closed_in_demo
@once
def end_everywhere(request: PersonRequest) -> HttpResponse:
    """End every other session at once; this one continues with a new hash."""
    user = request.user
    devices.end_everywhere(user=user)
    update_session_auth_hash(request, user)
    messages.success(request, _("Every other session has ended."))
    return redirect("devices")


@sensitive_post_parameters("code")
@never_cache
@login_required
@closed_in_demo
def my_second_factor(request: PersonRequest) -> HttpResponse:
    """Render the second factor: how to switch it on, or new backup codes and switching it off by a code."""
    user = request.user
    if user.second_factor_at is None:
        page: dict[str, Any] = {"owed": owes_second_factor(request, user)}
        return render(request, "accounts/second_factor_off.html", page)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if seconds := second_factor.seconds_to_wait(user=user, at=timezone.now()):
            return too_many(request, seconds, name=True)
        typed, action = form.cleaned_data["code"], request.POST.get("action")
        try:
            if action == "off":
                second_factor.turn_off(user=user, typed=typed)
                messages.success(request, _("The second factor is switched off."))
                return redirect("me")
            return _codes(request, second_factor.renew_codes(user=user, typed=typed))
        except Refusal as refusal:
            form.add_error("code", refusal.message)
    page = {"form": form, "left": second_factor.codes_left(user=user)}
    return render(request, "accounts/second_factor.html", page)


@never_cache
@require_POST
@login_required
@closed_in_demo
@recently_authenticated("second-factor")
def begin_second_factor(request: PersonRequest) -> HttpResponse:
    """Create a new secret and display it; it is displayed only once."""
    user = request.user
    if user.second_factor_at is not None:
        return redirect("second-factor")
    device = second_factor.begin(user=user)
    request.session[SETUP] = [device.pk, int(timezone.now().timestamp())]
    page = {
        "form": CodeForm(),
        "secret": second_factor.secret_of(device),
        "picture": _picture(second_factor.link_of(device, user)),
    }
    return render(request, "accounts/second_factor_on.html", page)


@sensitive_post_parameters("code")
@never_cache
@require_POST
@login_required
@closed_in_demo
def second_factor_on(request: PersonRequest) -> HttpResponse:
    """Switch the second factor on by a first code of the device that this session created."""
    user = request.user
    device_id, begun = request.session.get(SETUP, (0, 0))
    if user.second_factor_at is not None or timezone.now().timestamp() - begun > SETUP_SECONDS:
        return redirect("second-factor")
    form, at = CodeForm(request.POST), timezone.now()
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            codes = second_factor.confirm(user=user, device_id=device_id, typed=typed, at=at)
        except second_factor.WrongCode as refusal:
            form.add_error("code", refusal.message)
        else:
            del request.session[SETUP]
            request.session[session.PASSED] = True
            return _codes(request, codes)
    return render(request, "accounts/second_factor_on.html", {"form": form})


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "accounts/backup_codes.html", {"codes": codes})


def _picture(link: str) -> SafeString:
    """Return a QR code as SVG without inline style, dark on light in every colour scheme."""
    image = io.BytesIO()
    segno.make(link, error="m").save(
        image,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=5,
        border=3,
        dark="#000000",
        light="#ffffff",
        nl=False,
        title=_("The second factor's secret as a QR code"),
    )
    return mark_safe(image.getvalue().decode())  # noqa: S308 segno writes it, and the title is quoted
