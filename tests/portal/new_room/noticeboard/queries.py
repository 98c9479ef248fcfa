"""Read notices."""

from __future__ import annotations

from accounts.rights import Actor
from noticeboard.models import Notice
from ui.queries.search import SearchResult, rows_by_tokens


def find_notices(actor: Actor, text: str, limit: int) -> list[SearchResult]:
    """Return the notices that the header's search finds."""
    rows = rows_by_tokens("notice", lambda: Notice.objects.visible_to(actor), text, limit)
    return [SearchResult(one.id, one.title, f"{one.posted_at:%Y-%m-%d}", (one.title,)) for one in rows]
