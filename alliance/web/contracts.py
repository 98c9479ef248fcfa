"""The pages of a contract: overview, text, comparison of versions, and its transitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract, ContractArea, GuaranteeMonth, Signature, SpreadTerm
from alliance.operations.contract_text import PARTIES, text_of
from alliance.operations.drafting import replaced_by
from alliance.operations.signing import reopen_contract, submit_contract
from alliance.operations.wording import flagged_clauses
from alliance.queries import history_of, places_of
from alliance.queries.deposits import deposits_of
from alliance.queries.taken_regions import taken_areas
from alliance.web.cards import cards_of
from alliance.web.change_words import describe_changes
from alliance.web.clause_words import chapters_of
from alliance.web.labels import (
    ROLES,
    days_left,
    events_of,
    hash_groups,
    months_of,
    title_of,
)
from alliance.web.signing_warnings import warnings_of
from alliance.web.stages import life_of, stage_badge
from approvals.queries import pending_for
from kernel.money import ZERO
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

State = Contract.State


@dataclass(frozen=True, slots=True)
class May:
    """What the user may do with the contract now."""

    edit: bool = False
    submit: bool = False
    reopen: bool = False
    sign: bool = False
    end: bool = False
    revise: bool = False
    take_over: bool = False
    template: bool = False


@dataclass(frozen=True, slots=True)
class Signing:
    """One of the three parties, with the person who signed the present text for it, if anyone has."""

    role: str
    party_id: UUID
    party: str
    who: str
    at: datetime | None


def may_do(contract: Contract, actor: Actor, signings: Sequence[Signing]) -> May:
    """Return what the actor may do with the contract in its present state."""
    edits = actor.may("contract.edit")
    is_draft = contract.state == State.DRAFT
    is_open = is_draft and contract.proposed_by_id is not None and contract.taken_over_at is None
    own = is_open and contract.proposed_by_id == actor.party_id and actor.may("contract.propose")
    open_for = {one.party_id for one in signings if one.at is None}
    return May(
        edit=(edits and is_draft) or own,
        submit=edits and is_draft,
        reopen=edits and contract.state == State.SUBMITTED,
        sign=actor.may("contract.sign") and contract.state == State.SUBMITTED and actor.party_id in open_for,
        end=edits and contract.state == State.ACTIVE,
        revise=edits and contract.state == State.ACTIVE,
        take_over=edits and is_open,
        template=edits,
    )


def visible_contract(actor: Actor, contract_id: UUID) -> Contract:
    """Return the contract with its parties, or raise Http404 if it is not visible to the actor."""
    rows = Contract.objects.select_related(*PARTIES)
    found: Contract = get_visible_or_404(rows, actor, id=contract_id)
    return found


def signings_of(contract: Contract) -> list[Signing]:
    """Return the three parties in order, each with its signature over the present text."""
    rows = Signature.objects.filter(contract=contract, digest=contract.digest).select_related("user")
    signed = {row.party_id: row for row in rows} if contract.digest else {}
    found = []
    for role in PARTIES:
        party = getattr(contract, role)
        row = signed.get(party.id)
        who = str(row.user) if row is not None and row.user is not None else ""
        found.append(Signing(str(ROLES[role]), party.id, party.name, who, row.at if row else None))
    return found


def conflicting_regions(contract: Contract, actor: Actor) -> list[dict[str, Any]]:
    """Return the regions that other contracts hold; a contract is named if the actor may see it."""
    if contract.state not in (State.DRAFT, State.SUBMITTED):
        return []
    found = taken_areas(contract.id)
    visible = (
        set(
            Contract.objects.visible_to(actor)
            .filter(id__in={one.contract_id for one in found})
            .values_list("id", flat=True)
        )
        if found
        else set()
    )
    return [{"area": one, "named": one.contract_id in visible} for one in found]


@entering("contract.view")
@require_GET
def contract(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Display a contract: parties, guarantees, versions and history."""
    actor = request.actor
    found, versions = with_versions(actor, contract_id)
    today = timezone.localdate()
    areas = places_of([found.id]).get(found.id, [])
    spreads = list(
        SpreadTerm.objects.filter(contract=found).select_related("product").order_by("clause", "product__sku")
    )
    measured = found.state in (State.ACTIVE, State.ENDED)
    months = list(GuaranteeMonth.objects.filter(contract=found).order_by("month")) if measured else []
    earlier = [one for one in versions if one.version < found.version]
    before = next((one for one in earlier if one.state == State.ACTIVE), earlier[0] if earlier else None)
    later = (one for one in reversed(versions) if one.version > found.version)
    after = next((one for one in later if one.state != State.ENDED), None)
    signings = signings_of(found)
    is_replaced = after is not None and after.state == State.ACTIVE
    content = current_text(found)
    page = {
        "contract": found,
        "chapters": chapters_of(content),
        "flagged": flagged_clauses(content) if found.state == State.DRAFT else [],
        "waiting": pending_for(found, actor),
        "title": title_of(found, areas),
        "badge": stage_badge(found, is_replaced=is_replaced, today=today),
        "left": days_left(found, today),
        "warnings": warnings_of(found, proposal_changes(found)),
        "life": life_of(found, is_replaced=is_replaced, today=today),
        "deposit": deposits_of([found])[found.id],
        "months": months_of(found),
        "signings": signings,
        "hash": hash_groups(found.digest),
        "cards": cards_of(found, areas, spreads, months, today),
        "regions": by_category(areas),
        "spreads": spreads,
        "owed": sum((one.owed for one in months), ZERO),
        "booked": sum((one.booked for one in months), ZERO),
        "versions": versions,
        "before": before,
        "after": after,
        "changes": describe_changes(before.text, content) if before and before.text else None,
        "taken": conflicting_regions(found, actor),
        "events": events_of(list(history_of(found.id, actor)), found, _signed(signings), today),
        "may": may_do(found, actor, signings),
    }
    return render(request, "alliance/contract.html", page)


def _signed(signings: Sequence[Signing]) -> list[tuple[str, str, datetime]]:
    return sorted(((one.party, one.who, one.at) for one in signings if one.at), key=lambda one: one[2])


def by_category(areas: Sequence[ContractArea]) -> list[tuple[str, list[ContractArea]]]:
    """Group regions by the name of their category."""
    found: dict[str, list[ContractArea]] = {}
    for area in areas:
        found.setdefault(area.category.name, []).append(area)
    return list(found.items())


def with_versions(actor: Actor, contract_id: UUID) -> tuple[Contract, list[Contract]]:
    """Return the contract and all visible versions of its code, the newest first, or raise Http404."""
    code = Contract.objects.filter(id=contract_id).values("code")
    rows = Contract.objects.visible_to(actor).filter(code__in=code).select_related(*PARTIES)
    versions = list(rows.order_by("-version"))
    found = next((one for one in versions if one.id == contract_id), None)
    if found is None:
        raise Http404
    return found, versions


def current_text(contract: Contract) -> dict[str, Any]:
    """Return the frozen text, or the present text of a draft."""
    return contract.text or text_of(contract)


def replacement_changes(contract: Contract) -> dict[str, Any] | None:
    """Return what a next version changes in the version that it replaces; None for a first version."""
    old = replaced_by(contract)
    if old is None:
        return None
    return {"old": old, "changes": describe_changes(old.text, current_text(contract))}


def proposal_changes(contract: Contract) -> list[dict[str, Any]]:
    """Return what differs from the text that was first proposed to the three, before all have signed."""
    if not contract.proposed_text or contract.state not in (State.DRAFT, State.SUBMITTED):
        return []
    return describe_changes(contract.proposed_text, current_text(contract))


@entering("contract.view")
@require_GET
def compare(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Compare this version with another of the same code (`with`, by default the one before it)."""
    actor = request.actor
    found, versions = with_versions(actor, contract_id)
    others = [one for one in versions if one.id != found.id]
    wanted = request.GET.get("with", "")
    other = next((one for one in others if str(one.version) == wanted), None)
    if other is None and others:
        other = next((one for one in others if one.version < found.version), others[0])
    old, new = sorted([found, other or found], key=lambda one: one.version)
    page = {"contract": found, "others": others, "other": other, "old": old, "new": new}
    page["changes"] = describe_changes(current_text(old), current_text(new)) if other else []
    return render(request, "alliance/compare.html", page)


@entering("contract.view")
@require_GET
def text(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Display the text for reading and printing."""
    actor = request.actor
    found = visible_contract(actor, contract_id)
    content = current_text(found)
    page = {
        "contract": found,
        "badge": stage_badge(found),
        "text": content,
        "chapters": chapters_of(content, examples=False),
        "hash": hash_groups(found.digest),
        "signings": signings_of(found),
    }
    return render(request, "alliance/text.html", page)


Operation = Callable[..., Contract]


def _transition(operation: Operation, message: Any) -> Callable[..., HttpResponse]:
    def done(request: ActorRequest, contract_id: UUID) -> HttpResponse:
        actor = request.actor
        visible_contract(actor, contract_id)
        attempt(
            request,
            lambda: operation(contract_id=contract_id, by=actor, at=timezone.now()),
            success=str(message),
        )
        return redirect("contract", contract_id=contract_id)

    return entering("contract.edit")(once(require_POST(done)))


submit = _transition(
    submit_contract, gettext_lazy("The text is frozen; the three parties are asked to sign.")
)
reopen = _transition(
    reopen_contract, gettext_lazy("It is a draft again; signatures over the old text are void.")
)
