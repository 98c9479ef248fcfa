"""The home of each role, and the rail, tabs and bottom tabs that lead from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER, MEMBER, OUTLET, Actor
from alliance.models import Contract
from catalogue.models import Product
from config.facts.partners import dealer_home
from config.facts.partners import member_home as member_facts
from config.facts.shapes import list_url
from config.facts.staff import staff_home
from config.facts.trade import greeting
from dealers.models import Party
from integrations.models import ApiKey
from ledger.models import Book
from ordering.models import Order
from pricing.models import PriceList
from rebates.models import Program
from tenancy.models import Job

RAIL = (
    (gettext_lazy("Alliance"), "heart-handshake", Contract),
    (gettext_lazy("Catalogue"), "package", Product),
    (gettext_lazy("Prices"), "tag", PriceList),
    (gettext_lazy("Ordering"), "shopping-cart", Order),
    (gettext_lazy("Ledger"), "book-2", Book),
    (gettext_lazy("Rebates"), "receipt-yuan", Program),
    (gettext_lazy("Partners"), "building-store", Party),
    (gettext_lazy("Jobs"), "progress-check", Job),
    (gettext_lazy("Integration"), "plug-connected", ApiKey),
)


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of a rail or of tabs."""

    label: str
    icon: str
    url: str
    here: bool = False


@login_required
def home(request: HttpRequest) -> HttpResponse:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None:
        return render(request, "home/nowhere.html", status=403)
    if actor.party_kind in (MEMBER, OUTLET):
        return redirect("member-home")
    now = timezone.localtime()
    staff = actor.party_kind == MANUFACTURER
    facts = staff_home(actor, now=now) if staff else dealer_home(actor, now=now)
    page = {**facts, **_frame(request, now), "ways": rail(actor) if staff else _tabs(actor)}
    return render(request, "home/staff.html" if staff else "home/dealer.html", page)


@login_required
def member_home(request: HttpRequest) -> HttpResponse:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None:
        return render(request, "home/nowhere.html", status=403)
    if actor.party_kind not in (MEMBER, OUTLET):
        return redirect("home")
    now = timezone.localtime()
    page = {**member_facts(actor, now=now), **_frame(request, now), "ways": _bottom_tabs(actor)}
    return render(request, "home/member.html", page)


def rail(actor: Actor) -> list[Way]:
    """The rooms that a role may open, each at its list."""
    rooms = [(str(label), icon, list_url(model, actor)) for label, icon, model in RAIL]
    return [
        Way(_("Home"), "home", "/", here=True),
        *(Way(label, icon, url) for label, icon, url in rooms if url),
    ]


def sees(actor: Actor) -> dict[str, bool]:
    """What a home shows only to roles that may: "none yet" would be untrue for the others."""
    return {"guarantees": actor.may("contract.view"), "rebates": actor.may("rebate.view")}


def _tabs(actor: Actor) -> list[Way]:
    seen = sees(actor)
    ways = [
        Way(_("Home"), "home", "/", here=True),
        Way(_("Orders"), "shopping-cart", "#orders"),
        Way(_("Stock"), "box", "#stock"),
    ]
    if seen["guarantees"]:
        ways.append(Way(_("Guarantees"), "shield-check", "#guarantees"))
    if seen["rebates"]:
        ways.append(Way(_("Rebates"), "receipt-yuan", "#rebates"))
    return ways


def _bottom_tabs(actor: Actor) -> list[Way]:
    ways = [
        Way(_("Home"), "home", "#top", here=True),
        Way(_("Orders"), "shopping-cart", "#orders"),
        Way(_("Outlets"), "building-store", "#outlets"),
    ]
    if sees(actor)["rebates"]:
        ways.append(Way(_("Rebates"), "receipt-yuan", "#rebates"))
    return [*ways, Way(_("Mine"), "user", "#mine")]


def _frame(request: HttpRequest, now: Any) -> dict[str, Any]:
    name = request.user.first_name or str(request.user)  # type: ignore[union-attr]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {"greeting": greeting(now) % {"name": name}, "now": now, "sees": sees(actor)}
