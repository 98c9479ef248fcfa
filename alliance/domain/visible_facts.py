"""Which facts of evidence a partner may read: never the names, documents and prices of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTNER_FACTS = ("clause", "term", "quiet", "region", "region_name", "products", "returned", "turned")


def facts_for_partners(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a partner reads of a region event: that someone else delivered what and where."""
    return {name: facts[name] for name in PARTNER_FACTS if name in facts}
