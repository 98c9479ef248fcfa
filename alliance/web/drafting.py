"""The pages that create and edit a draft contract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract
from alliance.operations.draft_revision import ChangedMeanwhile, Revision, revise_contract, version_of
from alliance.operations.drafting import draft_contract
from alliance.web.contracts import conflicting_regions, describe_changes, visible_contract
from alliance.web.forms import Typed, blank, of_contract
from alliance.web.labels import state_badge
from kernel.refusals import Refusal
from ui.web.submit_once import once


@once
def _new(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    if request.method != "POST":
        return _render(request, blank(actor), None)
    typed = Typed.read(request.POST)
    if request.POST.get("more"):
        return _render(request, typed.with_more(request.POST["more"]), None)
    contract = Contract(code=typed.value("code"))
    revision = typed.revision(contract, actor)
    if revision is None:
        return _render(request, typed, None, status=422)
    try:
        with transaction.atomic():
            draft_contract(
                contract=revision.contract,
                areas=revision.areas,
                spreads=revision.spreads,
                by=actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        typed.add_refusal(refusal)
        return _render(request, typed, None, status=422)
    messages.success(request, _("The draft is saved. Read it through, then submit it for signature."))
    return redirect("contract", contract_id=contract.id)


@once
def _edit(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    if found.state != Contract.State.DRAFT:
        messages.warning(request, _("Only a draft is changed: take the contract back first."))
        return redirect("contract", contract_id=contract_id)
    if request.method != "POST":
        return _render(request, of_contract(found, version_of(found)), found)
    typed = Typed.read(request.POST)
    if request.POST.get("more"):
        return _render(request, typed.with_more(request.POST["more"]), found)
    revision = typed.revision(Contract.objects.get(id=contract_id), actor)
    if revision is None:
        return _render(request, typed, found, status=422)
    return _saved(request, found, typed, revision)


def _saved(request: ActorRequest, found: Contract, typed: Typed, revision: Revision) -> HttpResponse:
    """Save the draft. After a conflict display both versions; the next save overwrites the other's."""
    actor = request.actor
    try:
        with transaction.atomic():
            revise_contract(revision=revision, version=typed.value("version"), by=actor, at=timezone.now())
    except ChangedMeanwhile as meanwhile:
        facts: dict[str, Any] = meanwhile.details
        typed.values["version"] = facts["version"]
        differences = describe_changes(facts["stored"], facts["typed"])
        return _render(request, typed, found, status=409, meanwhile=meanwhile, differences=differences)
    except Refusal as refusal:
        typed.add_refusal(refusal)
        return _render(request, typed, found, status=422)
    messages.success(request, _("The draft is saved."))
    return redirect("contract", contract_id=found.id)


def _render(
    request: ActorRequest, typed: Typed, found: Contract | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    page = {"typed": typed, "contract": found, **typed.choices(), **more}
    if found is not None:
        actor = request.actor
        page |= {"badge": state_badge(found.state), "taken": conflicting_regions(found, actor)}
    return render(request, "alliance/edit.html", page, status=status)


new = entering("contract.edit")(_new)
edit = entering("contract.edit")(_edit)
