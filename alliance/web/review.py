"""The page of an application, and what its reviewers do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain import qualification
from alliance.domain.uploads import PDF
from alliance.models import Application, ApplicationDocument
from alliance.operations import reviewing
from alliance.queries.recruitment import letters_of, lookalikes_of, timeline_of
from alliance.web.recruitment_labels import CHECKS, CRITERIA, application_badge, band_badge, timeline
from dealers.models import Party
from kernel.refusals import Refusal
from kernel.typed_input import read_count, read_date
from kernel.uuids import as_uuid
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import read_typed

MAX_DEALERS = 500
TICKS = {"yes": True, "no": False}


@entering("recruitment.view")
@require_GET
def application(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Display an application with its files, qualification, lookalikes and timeline."""
    return _page(request, application_id)


def _page(
    request: ActorRequest,
    application_id: UUID,
    *,
    wrong: Mapping[str, str] | None = None,
    link: str = "",
    invitation: str = "",
) -> HttpResponse:
    actor = request.actor
    rows = Application.objects.select_related("region", "party")
    found: Application = get_visible_or_404(rows, actor, id=application_id)
    is_open = found.state in qualification.OPEN
    decides = actor.may("recruitment.decide")
    dealers = Party.objects.visible_to(actor).filter(kind=Party.Kind.DEALER, is_active=True)
    wants_dealer = decides and is_open and found.kind == Application.Kind.MEMBER
    page = {
        "application": found,
        "badge": application_badge(found),
        "documents": found.documents.order_by("uploaded_at", "id").defer("content"),
        "lookalikes": [
            {"one": one, "badge": band_badge(one.likeness.band)} for one in lookalikes_of(found, actor)
        ],
        "checks": [
            {"name": item, "label": label, "help": text, "value": found.checklist.get(item)}
            for item, (label, text) in CHECKS.items()
        ],
        "criteria": [
            {
                "name": name,
                "label": label,
                "weight": qualification.CRITERIA[name],
                "points": found.points.get(name),
            }
            for name, label in CRITERIA.items()
        ],
        "scale": range(qualification.MAX_POINTS + 1),
        "progress": qualification.progress(found.checklist),
        "events": timeline(timeline_of(found), found, letters_of(found)),
        "decides": decides,
        "is_open": is_open,
        "may_begin": decides and qualification.may_become(found.state, qualification.REVIEWING),
        "may_ask": decides and qualification.may_become(found.state, qualification.QUESTIONED),
        "may_invite": actor.may("people.edit"),
        "dealers": list(dealers.order_by("code").values("id", "code", "name")[:MAX_DEALERS])
        if wants_dealer
        else [],
        "wants_dealer": wants_dealer,
        "today": timezone.localdate(),
        "wrong": wrong or {},
        "typed": request.POST if wrong else {},
        "link": link,
        "invitation": invitation,
    }
    return render(request, "alliance/application.html", page, status=422 if wrong else 200)


@entering("recruitment.view")
@require_GET
def document(request: ActorRequest, application_document_id: UUID) -> HttpResponse:
    """Return a file of an applicant: a picture to look at, a PDF to download."""
    row = get_visible_or_404(ApplicationDocument.objects, request.actor, id=application_document_id)
    headers = {
        "Content-Disposition": content_disposition_header(row.media_type == PDF, row.file_name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(bytes(row.content), content_type=row.media_type, headers=headers)


@entering("recruitment.decide")
@once
@require_POST
def begin(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Take a received application into review."""
    return _done(request, application_id, reviewing.begin_review, _("The application is in review."))


@entering("recruitment.view")
@once
@require_POST
def comment(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Add a comment."""
    text = request.POST.get("text", "")
    return _done(request, application_id, reviewing.comment, _("The comment is stored."), text=text)


@entering("recruitment.view")
@once
@require_POST
def visit(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Note a site visit."""

    def note(**given: Any) -> Application:
        on = read_typed(read_date, request.POST.get("on", ""), row=_("Day of the visit"), field="on")
        return reviewing.note_visit(on=on, text=request.POST.get("text", ""), **given)

    return _done(request, application_id, note, _("The visit is noted."))


@entering("recruitment.decide")
@once
@require_POST
def qualify(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Store the checklist and the points."""

    def store(**given: Any) -> Application:
        ticks = {item: request.POST.get(f"check-{item}", "") for item in CHECKS}
        points = {}
        for name, label in CRITERIA.items():
            if typed := request.POST.get(f"points-{name}", "").strip():
                points[name] = read_typed(read_count, typed, row=str(label), field=f"points.{name}")
        checklist = {item: TICKS[typed] for item, typed in ticks.items() if typed in TICKS}
        return reviewing.qualify(checklist=checklist, points=points, **given)

    return _done(request, application_id, store, _("The qualification is stored."))


@entering("recruitment.decide")
@once
@require_POST
def ask(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Put a question to the applicant; the link to answer it is displayed once."""
    get_visible_or_404(Application.objects, request.actor, id=application_id)
    try:
        with transaction.atomic():
            question = reviewing.ask_back(
                application_id=application_id,
                text=request.POST.get("text", ""),
                by=request.actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        return _page(request, application_id, wrong={"ask": refusal.message})
    path = reverse("apply-answer", args=[request.tenant.slug, question.token])
    return _page(request, application_id, link=request.build_absolute_uri(path))


@entering("recruitment.decide")
@once
@require_POST
def refuse(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Refuse the application with a reason."""
    reason = request.POST.get("reason", "")
    return _done(request, application_id, reviewing.refuse, _("The application is refused."), reason=reason)


@entering("recruitment.decide")
@once
@require_POST
def accept(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Accept the application; the link of the invitation is displayed once."""
    get_visible_or_404(Application.objects, request.actor, id=application_id)
    try:
        with transaction.atomic():
            made = reviewing.accept(
                application_id=application_id,
                code=request.POST.get("code", ""),
                supplier_id=as_uuid(request.POST.get("supplier", "")),
                reason=request.POST.get("reason", ""),
                by=request.actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        return _page(request, application_id, wrong={"accept": refusal.message})
    link = ""
    if made.token:
        link = request.build_absolute_uri(reverse("invitation-link", args=[made.token]))
    return _page(request, application_id, invitation=link)


def _done(
    request: ActorRequest, application_id: UUID, operation: Callable[..., Any], success: str, **given: Any
) -> HttpResponse:
    get_visible_or_404(Application.objects, request.actor, id=application_id)
    attempt(
        request,
        lambda: operation(application_id=application_id, by=request.actor, at=timezone.now(), **given),
        success=success,
    )
    return redirect("application", application_id=application_id)
