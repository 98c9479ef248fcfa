"""Pages of the inbox and of a person's choice of channels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.domain.topics import CHANNELS, IN_APP, MAIL, SMS, WEBHOOK, groups, wants
from accounts.operations import inbox as operations
from accounts.providers import offered
from accounts.queries.inbox import choices_of, failures_of, hook_of, unread_count
from accounts.queries.inbox import inbox as inbox_page
from accounts.rights import DEALER, MANUFACTURER, Actor
from accounts.web import session
from accounts.web.forms import HookForm
from accounts.web.permissions import entering
from accounts.web.reauthentication import closed_in_demo
from accounts.web.requests import ActorRequest, PersonRequest
from kernel.refusals import Refusal
from ui.web.submit_once import once


@entering()
def inbox(request: ActorRequest) -> HttpResponse:
    """Render `/inbox` or, for members, `/m/inbox`: newest first, filtered by group and unread."""
    actor = request.actor
    if request.path_info == "/inbox" and actor.party_kind not in (MANUFACTURER, DEALER):
        query = request.META.get("QUERY_STRING", "")
        return redirect("/m/inbox" + (f"?{query}" if query else ""))
    group, unread = request.GET.get("group", ""), request.GET.get("unread") == "1"
    group = group if group in groups() else ""
    page = inbox_page(by=actor, group=group, unread=unread, before=_cursor(request))
    context: dict[str, Any] = {
        "page": page,
        "group": group,
        "unread_only": unread,
        "groups": [(one.code, one.label) for one in groups().values()],
        "unread": unread_count(actor),
        "older": _query(group, unread, page.older) if page.older else "",
        "newest": _query(group, unread, "") if request.GET.get("before") else "",
        "shared": bool(request.session.get(session.DEMO)),
        "unproved": MAIL in offered() and _has_unconfirmed_mail(request),
    }
    return render(request, "accounts/inbox.html", context)


@require_POST
@entering()
def open_message(request: ActorRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as read and redirect to its subject."""
    found = operations.mark_read(message_id=message_id, by=request.actor, at=timezone.now())
    safe = url_has_allowed_host_and_scheme(found.link, None)
    return redirect(found.link if found.link and safe else "inbox")


@require_POST
@entering()
def read_all(request: ActorRequest) -> HttpResponse:
    group = request.POST.get("group", "")
    operations.mark_all_read(by=request.actor, at=timezone.now(), group=group)
    return redirect("inbox")


@entering()
@closed_in_demo
@once
def preferences(request: ActorRequest) -> HttpResponse:
    """Let the user choose the channels of each group of topics and set the webhook's URL."""
    actor = request.actor
    assert actor.user_id is not None
    hook = hook_of(actor.user_id)
    form = HookForm(request.POST or None, initial={"url": hook.url if hook else ""})
    channels = [one for one in CHANNELS if one in offered()]
    chosen = choices_of(actor.user_id)
    if request.method == "POST" and form.is_valid():
        ticked = set(request.POST.getlist("ways"))
        chosen = {(way, group): f"{way}:{group}" in ticked for way in channels for group in groups()}
        try:
            with transaction.atomic():
                operations.set_hook(url=form.cleaned_data["url"], by=actor)
        except Refusal as refusal:
            form.add_error("url", refusal.message)
        else:
            operations.choose_ways(wanted=chosen, by=actor)
            messages.success(request, _("Saved."))
            return redirect("message-preferences")
    return render(
        request,
        "accounts/preferences.html",
        _choices(request, actor, channels, chosen) | {"hook": hook, "form": form},
    )


def _choices(
    request: PersonRequest, actor: Actor, channels: list[str], chosen: dict[tuple[str, str], bool]
) -> dict[str, Any]:
    rows = [
        {
            "name": known.label,
            "ways": [(way, f"{way}:{group}", CHANNELS[way], wants(chosen, way, group)) for way in channels],
        }
        for group, known in groups().items()
    ]
    user = request.user
    reach = {MAIL: bool(user.proved_email), SMS: bool(user.phone), WEBHOOK: hook_of(user.pk) is not None}
    return {
        "rows": rows,
        "columns": [(way, CHANNELS[way], reach.get(way, False)) for way in channels],
        "unproved": MAIL in channels and _has_unconfirmed_mail(request),
        "failures": failures_of(actor),
        "in_app": CHANNELS[IN_APP],
    }


def _has_unconfirmed_mail(request: PersonRequest) -> bool:
    """Return whether the user has a mail address but none that is confirmed."""
    user = request.user
    return bool(user.email) and not user.proved_email


def _cursor(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None


def _query(group: str, unread: bool, before: str) -> str:
    parameters = {"group": group, "unread": "1" if unread else "", "before": before}
    return "?" + "&".join(f"{name}={value}" for name, value in parameters.items() if value)
