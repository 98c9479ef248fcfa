"""Links from a message to its subject: the page for staff and dealers, and the page for members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse


def link_to(noun: str, noun_id: UUID | None = None) -> dict[str, Any]:
    """Return {"link", "phone_link"} for a noun: the URLs named `noun` and, for members, `member-noun`.

    If members have no page of their own, their link is the same. A link is "" if there is no page.
    """
    named = {f"{noun.replace('-', '_')}_id": noun_id} if noun_id else {}
    desk = _page(noun, named)
    return {"link": desk, "phone_link": _page(f"member-{noun}", named) or _page(f"member-{noun}", {}) or desk}


def _page(name: str, named: dict[str, Any]) -> str:
    try:
        return reverse(name, kwargs=named)
    except NoReverseMatch:
        return ""
