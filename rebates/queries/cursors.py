"""Encode and decode the cursor of a page of statement lines, as text for a URL."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.core import signing

from rebates.queries.statement_lines import Place

SALT = "rebates.beneath"


def packed(place: Place | None) -> str:
    """Return the place as signed text, so that only own values reach the database; "" for None."""
    if place is None:
        return ""
    day, sku, kind, number, line_id = place
    values = [day.isoformat(), sku, kind, number, str(line_id)]
    return signing.dumps(values, salt=SALT, compress=True)


def unpacked(text: str) -> Place | None:
    """Return the place of a cursor; None for "" and for an invalid text."""
    try:
        day, sku, kind, number, line_id = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return (date.fromisoformat(day), sku, kind, number, UUID(line_id))
