"""The home page of each role, and a member's own pages of rebates and account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.rights import MANUFACTURER, MEMBER, OUTLET, Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest, PersonRequest
from portal.queries.member_account import mine_facts
from portal.queries.partner_homes import dealer_home
from portal.queries.partner_homes import member_home as member_facts
from portal.queries.partner_homes import member_rebates as rebate_facts
from portal.queries.staff_home import staff_home
from portal.queries.trade import greeting


@login_required
def home(request: PersonRequest) -> HttpResponse:
    """Show the home of staff or dealers; redirect members and outlets to theirs."""
    actor: Actor | None = request.actor
    if actor is None:
        return render(request, "home/nowhere.html", status=403)
    if actor.party_kind in (MEMBER, OUTLET):
        return redirect("member-home")
    now = timezone.localtime()
    staff = actor.party_kind == MANUFACTURER
    facts = (
        staff_home(actor, now=now, currency=request.tenant.currency) if staff else dealer_home(actor, now=now)
    )
    context = {**facts, **_frame(request, now)}
    return render(request, "home/staff.html" if staff else "home/dealer.html", context)


@login_required
def member_home(request: PersonRequest) -> HttpResponse:
    """Show the home of members and outlets; redirect everyone else to theirs."""
    actor: Actor | None = request.actor
    if actor is None:
        return render(request, "home/nowhere.html", status=403)
    if actor.party_kind not in (MEMBER, OUTLET):
        return redirect("home")
    now = timezone.localtime()
    context = {**member_facts(actor, now=now), **_frame(request, now)}
    return render(request, "home/member.html", context)


MEMBER_KINDS = (MEMBER, OUTLET)


@entering("rebate.view", kinds=MEMBER_KINDS)
@require_GET
def member_rebates(request: ActorRequest) -> HttpResponse:
    """Show a member's wallet, the progress of each program and the statements."""
    return render(request, "home/rebates.html", rebate_facts(request.actor))


@entering(kinds=MEMBER_KINDS)
@require_GET
def member_mine(request: ActorRequest) -> HttpResponse:
    """Show a member's person, company and the links to pages shared with staff and dealers."""
    return render(request, "home/mine.html", mine_facts(request.actor))


def sees(actor: Actor) -> dict[str, bool]:
    """Return which sections a home displays to this role; it omits those the role may not open."""
    return {
        "guarantees": actor.may("contract.view"),
        "rebates": actor.may("rebate.view"),
        "stock": actor.may("stock.edit") or actor.may("order.place"),
        "purchases": any(actor.may(right) for right in ("order.place", "order.deliver", "ledger.view")),
    }


def _frame(request: PersonRequest, now: Any) -> dict[str, Any]:
    name = request.user.first_name or str(request.user)
    actor = request.actor
    return {"greeting": greeting(now) % {"name": name}, "now": now, "sees": sees(actor)}
