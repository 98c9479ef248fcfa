"""Where the next lines beneath a statement begin, as a text for an address."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core import signing

from rebates.queries.statement_lines import Place

SALT = "rebates.beneath"


def packed(place: Place | None) -> str:
    """Signed, so that nothing of another kind reaches the database; "" for None."""
    if place is None:
        return ""
    day, sku, kind, number, line_id = place
    told = [day.isoformat(), sku, kind, number, str(line_id)]
    return signing.dumps(told, salt=SALT, compress=True)


def unpacked(text: str) -> Place | None:
    """The place; None for "", and for a text that is none."""
    try:
        day, sku, kind, number, line_id = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return (date.fromisoformat(day), sku, kind, number, UUID(line_id))
