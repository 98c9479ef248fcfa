"""Save and remove views of a list: its query under a name, for oneself or for the company's people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import QueryDict
from django.utils.translation import gettext as _

from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from ui.models import SavedView

MAX_VIEWS, MAX_NAME_CHARACTERS, MAX_QUERY_CHARACTERS = 20, 40, 2000
NOT_SAVED = ("page",)


class BadView(Refusal):
    code = "bad_view"


def save_view(*, list_name: str, name: str, query: str, is_shared: bool, actor: Any) -> SavedView:
    """Save what a person chose on a list; the same name of theirs again replaces the view.

    A person has at most MAX_VIEWS views of a list. Raise BadView.
    """
    words = " ".join(name.split())
    if not 1 <= len(words) <= MAX_NAME_CHARACTERS or not words.isprintable():
        message = _("Name the view with 1 to %(longest)d characters.") % {"longest": MAX_NAME_CHARACTERS}
        raise BadView(message, field="name")
    chosen = QueryDict(query, mutable=True)
    for parameter in NOT_SAVED:
        chosen.pop(parameter, None)
    text = chosen.urlencode()
    if len(text) > MAX_QUERY_CHARACTERS:
        raise BadView(_("There are too many filters for one view."), field="name")
    mine = {"person_id": actor.user_id, "party_id": actor.party_id, "list_name": list_name}
    with joined_transaction():
        _lock(mine)
        found: SavedView | None = SavedView.objects.filter(**mine, name=words).first()
        if found is None:
            if SavedView.objects.filter(**mine).count() >= MAX_VIEWS:
                message = _("You have %(most)d views of this list: remove one first.") % {"most": MAX_VIEWS}
                raise BadView(message, field="name")
            found = SavedView(**mine, name=words)
        found.query, found.is_shared = text, is_shared
        found.save()
    return found


def remove_view(*, view_id: UUID, actor: Any) -> bool:
    """Remove one's own view; return whether it was there. A repeated call changes nothing."""
    mine = SavedView.objects.filter(id=view_id, person_id=actor.user_id, party_id=actor.party_id)
    return bool(mine.delete()[0])


def _lock(mine: dict[str, Any]) -> None:
    """Let two saves of one person wait for each other, so that both count."""
    key = f"saved_views:{active_tenant_id()}:{mine['person_id']}:{mine['list_name']}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
