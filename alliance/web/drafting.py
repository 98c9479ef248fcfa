"""The pages that create and edit a draft contract."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract, ContractTemplate
from alliance.operations.draft_revision import ChangedMeanwhile, Revision, revise_contract, version_of
from alliance.operations.drafting import draft_contract
from alliance.operations.proposals import propose_contract
from alliance.web.change_words import describe_changes
from alliance.web.contracts import conflicting_regions, may_do, visible_contract
from alliance.web.draft_checks import check_revision
from alliance.web.form_filling import of_contract, with_template
from alliance.web.form_values import clean
from alliance.web.forms import Typed, blank
from alliance.web.labels import GUARANTEES, state_badge
from alliance.web.picks import picks
from kernel.refusals import Refusal
from kernel.uuids import as_uuid
from ui.web.submit_once import once

SHARE_LABELS = [(f"share_{kind}", label) for kind, (label, _icon) in GUARANTEES.items()]


@once
def _new(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    if request.method != "POST":
        return _render(request, _begun(request), None)
    typed = Typed.read(request.POST)
    if request.POST.get("more"):
        return _render(request, typed.with_more(request.POST["more"]), None)
    contract = Contract(code=typed.value("code"))
    revision = typed.revision(contract, actor)
    if revision is None:
        return _render(request, typed, None, status=422)
    try:
        with transaction.atomic():
            save = draft_contract if actor.may("contract.edit") else propose_contract
            save(
                contract=revision.contract,
                areas=revision.areas,
                spreads=revision.spreads,
                terms=revision.terms,
                by=actor,
                at=timezone.now(),
            )
    except Refusal as refusal:
        typed.add_refusal(refusal)
        return _render(request, typed, None, status=422)
    if actor.may("contract.edit"):
        messages.success(request, _("The draft is saved. Read it through, then submit it for signature."))
    else:
        messages.success(request, _("The proposal is sent. The manufacturer completes and submits it."))
    return redirect("contract", contract_id=contract.id)


def _begun(request: ActorRequest) -> Typed:
    """Return the form of a new draft: blank, or with the terms of a template."""
    typed = blank(request.actor)
    wanted = as_uuid(request.GET.get("template", ""))
    rows = ContractTemplate.objects.visible_to(request.actor)
    template = rows.filter(id=wanted).first() if wanted else None
    return typed if template is None else with_template(typed, template.content)


@once
def _edit(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    if not (actor.may("contract.edit") or may_do(found, actor, ()).edit):
        raise PermissionDenied(_("The manufacturer changes this contract."))
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
    actor = request.actor
    page = {
        "typed": typed,
        "contract": found,
        "sections": typed.sections(),
        "proposes": not actor.may("contract.edit"),
        "share_fields": SHARE_LABELS,
        **more,
    }
    if found is not None:
        page |= {"badge": state_badge(found.state), "taken": conflicting_regions(found, actor)}
    return render(request, "alliance/edit.html", page, status=status)


def _check(request: ActorRequest) -> HttpResponse:
    """Return the live check of the form as typed; nothing is saved."""
    actor = request.actor
    typed = Typed.read(request.POST)
    revision = typed.as_far_as_readable(Contract(code=typed.value("code")), actor)
    lines = check_revision(revision)
    return render(request, "alliance/checks.html", {"lines": lines, "unread": typed.is_wrong})


def _find(request: ActorRequest) -> HttpResponse:
    """Return what a pick offers for the typed text: parties of a kind, regions or products."""
    name = request.GET.get("name", "")
    text = clean(request.GET.get(name, ""))
    kind = request.GET.get("kind", "")
    return render(request, "kit/picks.html", {"picks": picks(kind, text, request.actor)})


new = entering("contract.propose")(_new)
edit = entering("contract.propose")(_edit)
check = entering("contract.propose")(require_POST(_check))
find = entering("contract.propose")(require_GET(_find))
