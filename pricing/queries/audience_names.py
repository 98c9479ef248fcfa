"""The names of audiences: of a tier, region, channel, tag or party the name, where lists store the code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dealers.models import Channel, Party, Region, Tag, Tier
from pricing.models import AudienceKind

NAMES: dict[str, tuple[Any, str]] = {
    AudienceKind.TIER: (Tier, "name"),
    AudienceKind.REGION: (Region, "full_name"),
    AudienceKind.CHANNEL: (Channel, "name"),
    AudienceKind.TAG: (Tag, "name"),
    AudienceKind.PARTY: (Party, "name"),
}


def audience_names(rows: Iterable[Any]) -> dict[tuple[str, str], str]:
    """Return names by kind and code of the rows' audiences; one statement for each kind."""
    codes: dict[str, set[str]] = {}
    for row in rows:
        codes.setdefault(row.audience_kind, set()).add(row.audience_value)
    names: dict[tuple[str, str], str] = {}
    for kind, (model, field) in NAMES.items():
        if kind in codes:
            found = model.objects.filter(code__in=codes[kind]).values_list("code", field)
            names |= {(str(kind), code): name for code, name in found}
    return names
