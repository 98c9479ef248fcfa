"""The page of the evidence of a contract's guarantees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract, GuaranteeMonth
from alliance.models.guarantee import GuaranteeKind
from alliance.queries import evidence_in
from alliance.web.contracts import visible_contract
from alliance.web.event_labels import event_sentence, may_open_source
from alliance.web.labels import clause_of, evidence_sentence, guarantee_name, source_url
from alliance.web.lists import month_of
from catalogue.models import Product
from kernel.money import ZERO
from ui.web.components import Badge

MAX_ROWS = 200


@entering("contract.view")
@require_GET
def evidence(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Display the evidence of one guarantee (`kind`) in a month, broken guarantees first."""
    actor = request.actor
    found = visible_contract(actor, contract_id)
    kind = request.GET.get("kind", "")
    if kind not in GuaranteeKind.values:
        kind = ""
    months = GuaranteeMonth.objects.filter(contract__code=found.code).order_by("-month", "kind")
    measured = [one for one in months if not kind or one.kind == kind]
    known = list(dict.fromkeys(one.month for one in measured))
    month = month_of(request.GET.get("month", "")) or (known[0] if known else None)
    rows = list(evidence_in(found.id, kind=kind, month=month, max_rows=MAX_ROWS + 1)) if month else []
    of_month = [one for one in measured if one.month == month]
    page = {
        "contract": found,
        "kind": kind,
        "title": guarantee_name(kind) if kind else _("Evidence"),
        "month": month,
        "months": [(one, _address(found, kind, one), one == month) for one in known[:12]],
        "measured": sum(one.measured for one in of_month),
        "broken": sum(one.broken for one in of_month),
        "owed": sum((one.owed for one in of_month), ZERO),
        "booked": sum((one.booked for one in of_month), ZERO),
        "rows": describe_evidence(rows[:MAX_ROWS], actor),
        "cut": len(rows) > MAX_ROWS,
    }
    return render(request, "alliance/evidence.html", page)


def _address(contract: Contract, kind: str, month: date) -> str:
    return f"{reverse('contract-evidence', args=[contract.id])}?kind={kind}&month={month:%Y-%m}"


def describe_evidence(rows: Sequence[Any], actor: Actor) -> list[dict[str, Any]]:
    """Return each fact as a sentence, with the link to its order or shipment."""
    ids = {row.facts["product"] for row in rows if row.facts.get("product")}
    products = {str(one): name for one, name in Product.objects.filter(id__in=ids).values_list("id", "name")}
    opens = actor.may("order.view")
    found = []
    for row in rows:
        badge = Badge(_("met"), "good", "circle-check")
        if "corrects" in row.facts:
            badge = Badge(_("corrected"), "", "arrow-back-up")
        elif not row.fulfilled:
            badge = Badge(_("not met"), "bad", "alert-octagon")
        found.append(
            {
                "row": row,
                "badge": badge,
                "sentence": event_sentence(row, actor) or evidence_sentence(row, products),
                "clause": clause_of(row),
                "url": source_url(row.source) if opens and may_open_source(row, actor) else "",
            }
        )
    return found
