"""The names of audiences: of a tier, region, channel, tag or party the name, where lists store the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dealers.models import Channel, Party, Region, Tag, Tier
from pricing.models import AudienceKind
from ui.models import in_language

NAMES: dict[str, tuple[Any, str, str]] = {
    AudienceKind.TIER: (Tier, "name", "name_en"),
    AudienceKind.REGION: (Region, "full_name", "full_name"),
    AudienceKind.CHANNEL: (Channel, "name", "name_en"),
    AudienceKind.TAG: (Tag, "name", "name_en"),
    AudienceKind.PARTY: (Party, "name", "name"),
}


def audience_names(rows: Iterable[Any]) -> dict[tuple[str, str], str]:
    """Return names by kind and code of the rows' audiences; one statement for each kind."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(row.audience_kind, set()).add(row.audience_value)
    names: dict[tuple[str, str], str] = {}
    for kind, (model, field, english) in NAMES.items():
        if kind in codes:
            found = model.objects.filter(code__in=codes[kind]).values_list("code", field, english)
            names |= {(str(kind), code): in_language(name, name_en) for code, name, name_en in found}
    return names
