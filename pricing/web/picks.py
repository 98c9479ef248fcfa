"""What a field finds while its text is typed: products, and the audiences of a price list by their names."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_GET

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract
from alliance.queries import find_contracts
from alliance.queries.taken_regions import find_regions
from catalogue.queries import find_products
from dealers.models import Channel, Party, Tag, Tier
from dealers.queries.search import find_parties
from pricing.models import AudienceKind
from ui.models import in_language

MAX_PICKS = 8
MAX_CHARACTERS = 100
AUDIENCE_PICK = {
    "data-pick": True,
    "role": "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "autocomplete": "off",
    "hx-get": reverse_lazy("price-find"),
    "hx-vals": '{"name": "audience_value"}',
    "hx-include": "[name=audience_kind]",
    "hx-trigger": "input changed delay:200ms, focus",
    "hx-target": "next .tp-picks",
}
_WITH_CODE = re.compile(r".*\((?P<code>[^()]+)\)", re.DOTALL)
_NAMED: dict[str, Any] = {AudienceKind.TIER: Tier, AudienceKind.CHANNEL: Channel, AudienceKind.TAG: Tag}


@entering("price.edit")
@require_GET
def find(request: ActorRequest) -> HttpResponse:
    """Return what the field `name` finds by its text: a product, or an audience of the chosen kind."""
    kind = request.GET.get("kind") or request.GET.get("audience_kind", "")
    text = request.GET.get(request.GET.get("name", ""), "").replace("\x00", "").strip()[:MAX_CHARACTERS]
    return render(request, "pricing/picks.html", {"picks": picks(kind, text, request.actor)})


def picks(kind: str, text: str, actor: Actor) -> list[tuple[str, str]]:
    """Return at most MAX_PICKS pairs of what a field takes and what is displayed. Two statements at most."""
    if kind == "product":
        found = find_products(actor, text, MAX_PICKS) if text else []
        return [(one.subtitle, f"{one.subtitle} · {one.title}") for one in found]
    return [(named(name, code), named(name, code)) for code, name in audiences_like(kind, text, actor)]


def audiences_like(kind: str, text: str, actor: Actor) -> list[tuple[str, str]]:
    """Return codes and names of audiences that a text finds: short lists also without a text."""
    if kind == AudienceKind.LEVEL:
        levels = [(str(code), str(label)) for code, label in Party.Kind.choices]
        return [one for one in levels if text.casefold() in f"{one[0]} {one[1]}".casefold()]
    if (model := _NAMED.get(kind)) is not None:
        like = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(code__icontains=text)
        rows = model.objects.filter(like)
        found = rows.order_by("code").values_list("code", "name", "name_en")[:MAX_PICKS]
        return [(code, in_language(name, name_en)) for code, name, name_en in found]
    if not text:
        return []
    if kind == AudienceKind.REGION:
        return [(one.code, one.full_name) for one in find_regions(text, MAX_PICKS)]
    if kind == AudienceKind.PARTY:
        return [(one.codes[0], one.title) for one in find_parties(actor, text, MAX_PICKS)]
    if kind == AudienceKind.CONTRACT:
        return [(one.codes[0], one.subtitle) for one in find_contracts(actor, text, MAX_PICKS)]
    return []


def named(name: str, code: str) -> str:
    return f"{name} ({code})" if name and name != code else code


def audience_code(kind: str, typed: str, actor: Actor) -> str:
    """Return the code that a text means: "Name (CODE)", a code, or what it finds if that is one audience.

    A text that finds none or several is returned as typed, for the operation to refuse.
    """
    text = " ".join(typed.split())
    if kind == AudienceKind.EVERYONE or not text:
        return ""
    if found := _WITH_CODE.fullmatch(text):
        return found["code"]
    like = audiences_like(kind, text, actor)
    exact = [code for code, name in like if text in (code, name)] or [code for code, _name in like]
    if kind == AudienceKind.CONTRACT and Contract.objects.filter(code=text).exists():
        return text
    return exact[0] if len(exact) == 1 else text
