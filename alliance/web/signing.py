"""The page on which a party reads what it gets and promises, and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract, GuaranteeKind, SpreadTerm
from alliance.operations.contract_text import PARTIES
from alliance.operations.signing import RegionTaken, TextChanged, sign_contract
from alliance.queries import OwnFigures, own_figures, places_of
from alliance.web.clause_words import chapters_of, duties_in_words, guarantees_in_words
from alliance.web.contracts import (
    conflicting_regions,
    current_text,
    may_do,
    replacement_changes,
    signings_of,
    visible_contract,
)
from alliance.web.draft_checks import term_lines
from alliance.web.labels import GUARANTEES, hash_groups, places_in_words, state_badge, title_of
from kernel.refusals import Refusal
from ui.web.numbers import grouped, number
from ui.web.submit_once import once

SUBMITTED = Contract.State.SUBMITTED


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: a sentence, its explanation, its clause, and the page that shows whether it is kept."""

    icon: str
    text: str
    under: str = ""
    clause: str = ""
    url: str = ""


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
            return _refused(request, found, refusal)
    return render(request, "alliance/sign.html", _page(found, actor, wrong), status=422 if wrong else 200)


def _signed(request: HttpRequest, contract_id: UUID, actor: Actor) -> Refusal | None:
    """Sign the text with the hash of the form; return the refusal if there is one."""
    digest = request.POST.get("digest", "")[:64]
    try:
        with transaction.atomic():
            signed = sign_contract(contract_id=contract_id, digest=digest, by=actor, at=timezone.now())
    except Refusal as refusal:
        return refusal
    if signed.state == Contract.State.ACTIVE:
        messages.success(request, _("All three have signed: the contract is in force."))
    else:
        messages.success(request, _("Signed. The other parties are notified."))
    return None


def _refused(request: ActorRequest, contract: Contract, refusal: Refusal) -> HttpResponse:
    """Explain why it was not signed: the text has changed, or another contract holds a region."""
    contract.refresh_from_db()
    actor = request.actor
    page = {
        "contract": contract,
        "badge": state_badge(contract.state),
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
    to_member = [
        *_region(contract, places_in_words(areas)),
        *_spread(contract, spreads, figures),
        *_service(contract, figures),
        *_others(contract, content),
        _term(contract),
    ]
    is_member = actor.party_id == contract.member_id
    own = next((role for role in PARTIES if getattr(contract, f"{role}_id") == actor.party_id), "")
    return {
        "contract": contract,
        "title": title_of(contract, areas),
        "badge": state_badge(contract.state),
        "is_member": is_member,
        "gets": to_member if is_member else _gets(contract, areas),
        "gives": [*(_gives(contract, areas) if is_member else to_member), *_duties(content, [own])],
        "chapters": chapters_of(content),
        "lines": []
        if contract.state == Contract.State.ACTIVE
        else term_lines(contract, timezone.localdate()),
        "figures": figures,
        "hash": hash_groups(contract.digest),
        "signings": [(one, one.party_id == actor.party_id) for one in signings],
        "missing": sum(one.at is None for one in signings),
        "may_sign": may_do(contract, actor, signings).sign,
        "taken": conflicting_regions(contract, actor),
        "wrong": wrong,
        "since": replacement_changes(contract),
    }


def _region(contract: Contract, places: tuple[str, str]) -> list[Promise]:
    regions, goods = places
    if not regions:
        return []
    message = _("%(regions)s: %(goods)s exclusively for the member") % {"regions": regions, "goods": goods}
    under = _("No other contract can claim it; diversion is decided by a person.")
    return [Promise("map-pin", message, under, "2.1", _evidence_url(contract, "region"))]


def _evidence_url(contract: Contract, kind: str) -> str:
    """Return the address of the page that shows the evidence of a guarantee."""
    return f"{reverse('contract-evidence', args=[contract.id])}?kind={kind}"


def _others(contract: Contract, content: dict[str, Any]) -> list[Promise]:
    """Return the guarantees that are measured by a metric, each with its clause."""
    return [
        Promise(
            GUARANTEES[GuaranteeKind(one.content["kind"])][1],
            sentence.text,
            sentence.note,
            one.number,
            _evidence_url(contract, one.content["kind"]),
        )
        for one, sentence in guarantees_in_words(content)
    ]


def _duties(content: dict[str, Any], roles: Sequence[str]) -> list[Promise]:
    """Return the duties of one side, or of two."""
    return [
        Promise("list-check", sentence.text, sentence.note, sentence.number)
        for one, sentence in duties_in_words(content)
        if one.content["role"] in roles
    ]


def _spread(contract: Contract, spreads: Sequence[SpreadTerm], figures: OwnFigures | None) -> list[Promise]:
    """Return the promised spread, with the member's units of the last measured month if there are any."""
    if not spreads:
        return []
    lowest, highest = min(one.guaranteed for one in spreads), max(one.guaranteed for one in spreads)
    clauses = sorted({one.clause for one in spreads})
    clause = clauses[0] if len(clauses) == 1 else f"{clauses[0]} – {clauses[-1]}"
    if lowest == highest:
        message = _("At least %(spread)s of spread on each unit") % {"spread": number(lowest)}
    else:
        message = _("At least %(low)s to %(high)s of spread on each unit, %(count)s products") % {
            "low": number(lowest),
            "high": number(highest),
            "count": len(spreads),
        }
    url = _evidence_url(contract, "spread")
    bought = figures.units if figures else {}
    units = sum(max(0, bought.get(str(one.product_id), 0)) for one in spreads)
    if not units:
        under = _("A shortfall is paid automatically.")
        return [Promise("arrows-vertical", message, under, clause, url)]
    least = sum((one.guaranteed * max(0, bought.get(str(one.product_id), 0)) for one in spreads), Decimal(0))
    under = _("%(units)s units of the month make at least %(sum)s; a shortfall is paid.")
    under %= {"units": number(units), "sum": grouped(least, 2)}
    return [Promise("arrows-vertical", message, under, clause, url)]


def _service(contract: Contract, figures: OwnFigures | None) -> list[Promise]:
    if contract.delivery_hours is None:
        return []
    message = ngettext(
        "Delivered within %(hours)s hour", "Delivered within %(hours)s hours", contract.delivery_hours
    )
    under = _("%(fee)s for each late delivery") % {"fee": grouped(contract.late_fee, 2)}
    if figures and figures.deliveries:
        late = _("of %(count)s deliveries of the month %(late)s were late")
        under = f"{under} · {late % {'count': figures.deliveries, 'late': figures.late}}"
    sentence = message % {"hours": contract.delivery_hours}
    return [Promise("truck-delivery", sentence, under, "4.1", _evidence_url(contract, "service"))]


def _term(contract: Contract) -> Promise:
    first = date_format(contract.starts_on, "SHORT_DATE_FORMAT")
    last = date_format(contract.until - timedelta(days=1), "SHORT_DATE_FORMAT")
    message = _("From %(first)s to %(last)s") % {"first": first, "last": last}
    under = _("It begins by itself when all three have signed.")
    return Promise("hourglass", message, under, "1.4", _evidence_url(contract, "term"))


def _gets(contract: Contract, areas: Sequence[Any]) -> list[Promise]:
    """Return what the manufacturer and the dealer get."""
    message = _("%(member)s as alliance member") % {"member": contract.member.name}
    under = _("supplied by %(dealer)s") % {"dealer": contract.dealer.name}
    return [Promise("heart-handshake", message, under, "1.3")]


def _gives(contract: Contract, areas: Sequence[Any]) -> list[Promise]:
    """Return what the member promises."""
    found = [
        Promise("shopping-cart", _("You buy from %(dealer)s") % {"dealer": contract.dealer.name}, "", "1.2")
    ]
    if areas:
        regions, _goods = places_in_words(areas)
        under = _("The region is where the contract authorises you to sell.")
        found.append(Promise("map-pin", _("You serve %(regions)s") % {"regions": regions}, under, "2.1"))
    advice = _("You set your own resale prices; advised prices are not binding.")
    found.append(Promise("tag", advice, "", "3"))
    return found
