"""The page on which a party reads what it gets and promises, and signs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.client_address import client_address
from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.domain.life import Stage
from alliance.models import Contract, SpreadTerm
from alliance.operations.contract_text import PARTIES
from alliance.operations.signing import RegionTaken, SignedFrom, TextChanged, sign_contract
from alliance.providers import CLICK, signature_providers
from alliance.queries import own_figures, places_of
from alliance.web.clause_words import chapters_of
from alliance.web.contracts import (
    conflicting_regions,
    current_text,
    may_do,
    proposal_changes,
    replacement_changes,
    signings_of,
    visible_contract,
)
from alliance.web.draft_checks import term_lines
from alliance.web.labels import hash_groups, title_of
from alliance.web.promises import duties_of, gets, gives, to_member
from alliance.web.signing_warnings import warnings_of
from alliance.web.stages import stage, stage_badge
from kernel.refusals import Refusal
from ui.web.submit_once import once

MAX_AGENT_CHARACTERS = 120


def signed_from(request: HttpRequest, method: str = CLICK) -> SignedFrom:
    """Return from where a signature comes: the address and the browser, shortened."""
    agent = request.headers.get("User-Agent", "").replace("\x00", "")[:MAX_AGENT_CHARACTERS]
    return SignedFrom(method=method, ip_address=client_address(request), agent=agent)


@once
def _sign(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    actor = request.actor
    found = visible_contract(actor, contract_id)
    wrong = ""
    if request.method == "POST":
        if request.POST.get("read") != "yes":
            wrong = _("Tick that you have read the text; then sign.")
        else:
            refusal = _signed(request, contract_id, actor)
            if refusal is None:
                return redirect("contract", contract_id=contract_id)
            return refusal_page(request, found, refusal)
    return render(request, "alliance/sign.html", _page(found, actor, wrong), status=422 if wrong else 200)


def _signed(request: HttpRequest, contract_id: UUID, actor: Actor) -> Refusal | None:
    """Sign the text with the hash of the form; return the refusal if there is one."""
    digest = request.POST.get("digest", "")[:64]
    try:
        with transaction.atomic():
            signed = sign_contract(
                contract_id=contract_id,
                digest=digest,
                by=actor,
                at=timezone.now(),
                signed_from=signed_from(request),
            )
    except Refusal as refusal:
        return refusal
    if signed.state != Contract.State.ACTIVE:
        messages.success(request, _("Signed. The other parties are notified."))
    elif stage(signed) == Stage.SIGNED:
        messages.success(request, _("All three have signed: the contract begins by itself on its first day."))
    else:
        messages.success(request, _("All three have signed: the contract is in force."))
    return None


def refusal_page(request: ActorRequest, contract: Contract, refusal: Refusal) -> HttpResponse:
    """Explain why it was not signed: the text has changed, or another contract holds a region."""
    contract.refresh_from_db()
    actor = request.actor
    page = {
        "contract": contract,
        "badge": stage_badge(contract),
        "refusal": refusal,
        "old_text": isinstance(refusal, TextChanged),
        "taken": conflicting_regions(contract, actor) if isinstance(refusal, RegionTaken) else [],
        "may_sign": contract.state == Contract.State.SUBMITTED,
    }
    return render(request, "alliance/not_signed.html", page, status=409)


sign = entering("contract.sign")(_sign)


def _page(contract: Contract, actor: Actor, wrong: str) -> dict[str, Any]:
    areas = places_of([contract.id]).get(contract.id, [])
    spreads = list(
        SpreadTerm.objects.filter(contract=contract)
        .select_related("product")
        .order_by("clause", "product__sku")
    )
    content = current_text(contract)
    figures = own_figures(contract.member_id, by=actor)
    signings = signings_of(contract)
    member_gets = to_member(contract, areas, spreads, figures, content)
    is_member = actor.party_id == contract.member_id
    own = next((role for role in PARTIES if getattr(contract, f"{role}_id") == actor.party_id), "")
    return {
        "contract": contract,
        "title": title_of(contract, areas),
        "badge": stage_badge(contract),
        "is_member": is_member,
        "gets": member_gets if is_member else gets(contract),
        "gives": [
            *(gives(contract, areas) if is_member else member_gets),
            *duties_of(content, [own]),
        ],
        "chapters": chapters_of(content),
        "lines": []
        if contract.state == Contract.State.ACTIVE
        else term_lines(contract, timezone.localdate()),
        "figures": figures,
        "hash": hash_groups(contract.digest),
        "signings": [(one, one.party_id == actor.party_id) for one in signings],
        "missing": sum(one.at is None for one in signings),
        "begins_later": contract.starts_on > timezone.localdate(),
        "may_sign": may_do(contract, actor, signings).sign,
        "taken": conflicting_regions(contract, actor),
        "wrong": wrong,
        "since": replacement_changes(contract),
        "warnings": warnings_of(contract, proposal_changes(contract)),
        "providers": list(signature_providers().values()),
    }
