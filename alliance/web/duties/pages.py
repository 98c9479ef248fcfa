"""The matrix of a contract's responsibilities with its states, and the page of one duty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.duties import GRACE_DAYS
from alliance.models import ContractRole, Duty
from alliance.operations.duty_evidence import may_report, report_duty
from alliance.queries.duties import Cell, matrix_of
from alliance.web.contracts import visible_contract
from alliance.web.duties.labels import (
    LINK_ICONS,
    SIDES,
    duty_badge,
    late_label,
    period_label,
    role_label,
)
from kernel.refusals import Refusal
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import FIELD, once


@entering("contract.view")
@require_GET
def matrix(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Display the five links by three sides, each duty with its state."""
    found = visible_contract(request.actor, contract_id)
    rows = matrix_of(found, request.actor, today=timezone.localdate())
    parties = (found.manufacturer, found.dealer, found.member)
    page = {
        "contract": found,
        "sides": list(zip(SIDES.values(), parties, strict=True)),
        "links": [
            (
                link.label,
                LINK_ICONS[link],
                [_cell(*pair) for pair in zip(SIDES, cells, strict=True)],
            )
            for link, cells in rows
        ],
        "is_empty": not any(cell for _link, cells in rows for cell in cells),
        "grace": GRACE_DAYS,
    }
    return render(request, "alliance/matrix.html", page)


def _cell(role: ContractRole, cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"side": SIDES[role], "responsibility": None}
    return {
        "side": SIDES[role],
        "responsibility": cell.responsibility,
        "owner": role_label(cell.responsibility.owner_role),
        "duty": cell.duty,
        "badge": duty_badge(cell.state) if cell.state else None,
        "earlier": [(duty, duty_badge(state)) for duty, state in cell.earlier],
    }


class ReportForm(forms.Form):
    reference = forms.CharField(
        label=gettext_lazy("Document or number"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example the number of a visit, a photo or a report."),
    )
    note = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@once
def _duty(request: ActorRequest, duty_id: UUID) -> HttpResponse:
    actor = request.actor
    rows = Duty.objects.select_related("responsibility", "contract__member", "contract__dealer", "party")
    found = get_visible_or_404(rows, actor, id=duty_id)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                report_duty(
                    duty_id=found.id,
                    **form.cleaned_data,
                    source=f"form:{request.POST.get(FIELD, '')[:64]}",
                    by=actor,
                    at=timezone.now(),
                )
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("Reported. The duty is fulfilled."))
            return redirect("duty", duty_id=found.id)
    page = {
        "duty": found,
        "contract": found.contract,
        "may_open": actor.may("contract.view"),
        "side": SIDES[ContractRole(found.responsibility.role)],
        "owner": role_label(found.responsibility.owner_role),
        "badge": duty_badge(found.state_on(timezone.localdate())),
        "period": period_label(found),
        "late": late_label(found),
        "evidence": list(found.evidence.order_by("at", "id")),
        "form": form if may_report(found, actor) else None,
    }
    return render(request, "alliance/duty.html", page, status=422 if form.errors else 200)


duty = entering("duty.view")(_duty)
