"""Where a matter opens: the staff's and dealers' page, and the members' on the phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse


def link_to(noun: str, noun_id: UUID | None = None) -> dict[str, Any]:
    """{"link", "phone_link"}: the page called like the noun, for members the one called member-noun
    if there is one. "" where there is no page."""
    named = {f"{noun.replace('-', '_')}_id": noun_id} if noun_id else {}
    desk = _page(noun, named)
    return {"link": desk, "phone_link": _page(f"member-{noun}", named) or _page(f"member-{noun}", {}) or desk}


def _page(name: str, named: dict[str, Any]) -> str:
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:
        return ""
