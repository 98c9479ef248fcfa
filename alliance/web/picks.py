"""What a field of the contract form offers while its text is typed: found by name, pinyin or code."""

from __future__ import annotations

from accounts.rights import Actor
from alliance.queries.taken_regions import find_regions
from alliance.web.forms import PARTIES
from catalogue.queries import find_products
from dealers.models import Party
from dealers.queries.search import find_parties

MAX_PICKS = 8


def picks(kind: str, text: str, actor: Actor) -> list[str]:
    """Return at most MAX_PICKS texts to pick, each with its code in brackets. Two statements at most."""
    if not text:
        return []
    if kind in PARTIES:
        ids = [one.object_id for one in find_parties(actor, text, 40)]
        rows = Party.objects.visible_to(actor).filter(id__in=ids, kind=kind).in_bulk()
        return [f"{rows[one].name} ({rows[one].code})" for one in ids if one in rows][:MAX_PICKS]
    if kind == "region":
        return [f"{one.full_name} ({one.code})" for one in find_regions(text, MAX_PICKS)]
    if kind == "product":
        return [f"{one.title} ({one.subtitle})" for one in find_products(actor, text, MAX_PICKS)]
    return []
