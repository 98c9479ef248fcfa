"""Actions on a draft: take over a dealer's proposal, record why a clause fixes no resale price."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.operations.proposals import take_over_proposal
from alliance.operations.wording import review_wording
from alliance.web.contracts import visible_contract
from ui.web.actions import attempt
from ui.web.submit_once import once


@once
@require_POST
def _take_over(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    visible_contract(actor, contract_id)
    attempt(
        request,
        lambda: take_over_proposal(contract_id=contract_id, by=actor, at=timezone.now()),
        success=_("The proposal is yours now: complete it and submit it for signature."),
    )
    return redirect("contract", contract_id=contract_id)


@once
@require_POST
def _wording(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    visible_contract(actor, contract_id)
    number = request.POST.get("number", "").replace("\x00", "")[:20]
    reason = request.POST.get("reason", "").replace("\x00", "")
    attempt(
        request,
        lambda: review_wording(
            contract_id=contract_id, number=number, reason=reason, by=actor, at=timezone.now()
        ),
        success=_("The reason is recorded under your name and becomes part of the text."),
    )
    return redirect("contract", contract_id=contract_id)


take_over = entering("contract.edit")(_take_over)
wording = entering("contract.edit")(_wording)
