"""The list of approvals, and the page on which a second person decides."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.operations.deciding import approve, reject, withdraw
from approvals.queries import changes_of, may_decide, target_url
from tenancy.rooms import approval_kinds
from ui.web.actions import attempt
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

State = Approval.State
MOODS = {
    State.PENDING: ("warn", "hourglass"),
    State.APPROVED: ("good", "circle-check"),
    State.REJECTED: ("bad", "circle-x"),
    State.WITHDRAWN: ("", "ban"),
}


def state_of(approval: Approval) -> Badge:
    mood, icon = MOODS[State(approval.state)]
    return Badge(approval.get_state_display(), mood, icon)


def summary_of(approval: Approval) -> str:
    """Return the first change, as "old → new"; what is new alone with its name: "Begins: 1 Dec 2026"."""
    first = next(iter(changes_of(approval)), None)
    if first is None:
        return ""
    return f"{first.label}: {first.new}" if first.old == "—" else f"{first.old} → {first.new}"


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=State.choices, label=gettext_lazy("state"))
    kind = django_filters.ChoiceFilter(label=gettext_lazy("kind"))

    class Meta:
        model = Approval
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [
            (kind.code, kind.label) for kind in approval_kinds().values()
        ]


class Approvals(ListPage):
    name = "approvals"
    title = gettext_lazy("Approvals")
    filters = ApprovalFilter
    order = "-requested_at"
    tall = True
    empty = Empty(
        gettext_lazy("Nothing to approve"),
        gettext_lazy("What needs a second person is listed here, with what changes."),
        "user-check",
    )
    tabs = (
        Tab(gettext_lazy("To decide"), "state=pending"),
        Tab(gettext_lazy("Approved"), "state=approved"),
        Tab(gettext_lazy("Rejected"), "state=rejected"),
        Tab(gettext_lazy("All")),
    )
    columns = (
        Column("title", gettext_lazy("Change"), "title", kind="name", under="kind_label"),
        Column("summary", gettext_lazy("Before → after"), summary_of),
        Column("amount", gettext_lazy("Amount"), kind="money", sort="amount"),
        Column("requested_by", gettext_lazy("Requested by"), lambda row: str(row.requested_by)),
        Column("requested_at", gettext_lazy("Requested"), kind="moment", sort="requested_at"),
        Column("state", gettext_lazy("State"), state_of, kind="state"),
        Column("decided_by", gettext_lazy("Decided by"), lambda row: str(row.decided_by or "")),
    )

    def rows(self) -> QuerySet[Approval]:
        rows: QuerySet[Approval] = Approval.objects.visible_to(self.actor)
        return rows.select_related("requested_by", "decided_by")

    def href(self, row: Approval) -> str:
        return reverse("approval", args=[row.id])


@entering("approval.view")
@require_GET
def approval(request: ActorRequest, approval_id: UUID) -> HttpResponse:
    """Display what changes, and the decision or the buttons for it."""
    return render(request, "approvals/approval.html", _page(request, approval_id))


def _page(request: ActorRequest, approval_id: UUID) -> dict[str, Any]:
    rows = Approval.objects.select_related("requested_by", "decided_by", "about")
    found = get_visible_or_404(rows, request.actor, id=approval_id)
    is_mine = found.requested_by_id == request.actor.person_id
    return {
        "row": found,
        "badge": state_of(found),
        "changes": changes_of(found),
        "target_url": target_url(found),
        "may_decide": may_decide(found, request.actor),
        "is_pending": found.state == State.PENDING,
        "is_mine": is_mine,
    }


@entering("approval.view")
@once
@require_POST
def decide(request: ActorRequest, approval_id: UUID, action: str) -> HttpResponse:
    """Approve, reject or withdraw."""
    reason = request.POST.get("reason", "")
    arguments: dict[str, Any] = {"approval_id": approval_id, "by": request.actor, "at": timezone.now()}
    if action == "approve":
        attempt(request, lambda: approve(**arguments), success=_("Approved: the change is in force."))
    elif action == "reject":
        attempt(request, lambda: reject(reason=reason, **arguments), success=_("Rejected."))
    elif action == "withdraw":
        attempt(request, lambda: withdraw(**arguments), success=_("The request is withdrawn."))
    else:
        raise Http404
    return redirect("approval", approval_id=approval_id)
