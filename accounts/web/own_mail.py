"""Pages to set, confirm and remove the user's own mail address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.domain.topics import MAIL
from accounts.operations import own_mail as operations
from accounts.providers import offered
from accounts.web.forms import MailForm
from accounts.web.reauthentication import closed_in_demo, recently_authenticated
from accounts.web.requests import PersonRequest
from accounts.web.sign_in_limits import wait_for_code
from accounts.web.throttled import too_many
from ui.web.submit_once import once


@never_cache
@login_required
@closed_in_demo
@recently_authenticated()
@once
def own_mail(request: PersonRequest) -> HttpResponse:
    """Let the user change the address, or confirm the one that an inviter entered."""
    if MAIL not in offered():
        raise Http404
    user = request.user
    if request.method == "POST" and request.POST.get("action") == "drop":
        operations.drop_own_mail(user=user)
        messages.success(request, _("The address is removed; messages stand in the inbox."))
        return redirect("me")
    form = MailForm(request.POST or None, initial={"email": user.email})
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        if seconds := wait_for_code(request, address.casefold()):
            return too_many(request, seconds)
        operations.request_proof(user=user, address=address)
        message = _("A link was sent to %(address)s. Open it in a browser where you are signed in.")
        messages.success(request, message % {"address": address})
        return redirect("me")
    return render(request, "accounts/own_mail.html", {"form": form})


@never_cache
@login_required
@closed_in_demo
@once
def own_mail_proof(request: PersonRequest, token: str) -> HttpResponse:
    """Display the address on GET and confirm it on POST, so that a prefetch of the link has no effect."""
    user = request.user
    address = operations.address_of(token, user=user)
    if request.method == "POST" and operations.save_own_mail(user=user, token=token):
        messages.success(request, _("This address is confirmed."))
        return redirect("me")
    return render(
        request, "accounts/own_mail_proof.html", {"address": address}, status=200 if address else 404
    )
