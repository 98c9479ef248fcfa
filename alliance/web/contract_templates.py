"""The list of contract templates, and saving a draft as one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import ContractTemplate
from alliance.operations.templates import delete_template, save_template
from alliance.web.contracts import visible_contract
from kernel.refusals import Refusal
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once


@entering("contract.edit")
@require_GET
def templates(request: ActorRequest) -> HttpResponse:
    """List the templates, each with what it holds."""
    rows = ContractTemplate.objects.visible_to(request.actor).order_by("name")
    page = {
        "templates": [
            {
                "row": row,
                "counts": [
                    (_("spreads"), len(row.content.get("spreads", ()))),
                    (_("guarantees"), len(row.content.get("guarantees", ()))),
                    (_("responsibilities"), len(row.content.get("responsibilities", ()))),
                    (_("KPIs"), len(row.content.get("kpis", ()))),
                    (_("clauses"), len(row.content.get("clauses", ()))),
                ],
            }
            for row in rows
        ]
    }
    return render(request, "alliance/templates.html", page)


@once
def _save(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    values = {
        name: request.POST.get(name, "").replace("\x00", "").strip() for name in ("name", "member_kind")
    }
    wrong = None
    if request.method == "POST":
        try:
            with transaction.atomic():
                save_template(contract_id=contract_id, by=actor, at=timezone.now(), **values)
            return redirect("contract-templates")
        except Refusal as refusal:
            wrong = refusal
    page = {"contract": found, "values": values, "wrong": wrong}
    return render(request, "alliance/save_template.html", page, status=422 if wrong else 200)


@once
@require_POST
def _delete(request: ActorRequest, template_id: UUID) -> HttpResponse:
    actor = request.actor
    get_visible_or_404(ContractTemplate.objects, actor, id=template_id)
    attempt(
        request,
        lambda: delete_template(template_id=template_id, by=actor, at=timezone.now()),
        success=_("The template is deleted; contracts made from it stay as they are."),
    )
    return redirect("contract-templates")


save = entering("contract.edit")(_save)
delete = entering("contract.edit")(_delete)
