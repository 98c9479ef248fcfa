"""What the field of an audience offers while its text is typed: found by name or code."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.rights import Actor
from alliance.models import Contract
from alliance.queries.taken_regions import find_regions
from dealers.models import Channel, Party, Tag, Tier
from dealers.queries.search import find_parties
from pricing.models import AudienceKind
from ui.models import local_name

MAX_PICKS = 8
NAMED: dict[str, Any] = {AudienceKind.TAG: Tag, AudienceKind.CHANNEL: Channel, AudienceKind.TIER: Tier}


def audience_picks(kind: str, text: str, actor: Actor) -> list[str]:
    """Return at most MAX_PICKS texts to pick, each with its code in brackets. Two statements at most."""
    if kind == AudienceKind.LEVEL:
        return [f"{level.label} ({level.value})" for level in Party.Kind if level.value != "manufacturer"]
    if not text:
        return []
    if kind == AudienceKind.PARTY:
        ids = [one.object_id for one in find_parties(actor, text, 40)]
        rows = Party.objects.visible_to(actor).filter(id__in=ids).in_bulk()
        return [f"{rows[one].name} ({rows[one].code})" for one in ids if one in rows][:MAX_PICKS]
    if kind == AudienceKind.REGION:
        return [f"{one.full_name} ({one.code})" for one in find_regions(text, MAX_PICKS)]
    if kind == AudienceKind.CONTRACT:
        contracts = Contract.objects.visible_to(actor).select_related("member")
        found = contracts.filter(Q(code__icontains=text) | Q(member__name__icontains=text))
        return [f"{one.member.name} ({one.code})" for one in found.order_by("code")[:MAX_PICKS]]
    if kind in NAMED:
        named = NAMED[kind].objects.filter(
            Q(code__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
        )
        return [f"{local_name(one)} ({one.code})" for one in named.order_by("code")[:MAX_PICKS]]
    return []
