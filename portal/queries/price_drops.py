"""The price-drop claims that wait for the actor: to reply as a partner, to decide as a seller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, Min
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from portal.queries.combined_query import Row, RowQuery
from portal.queries.home_components import ToDo, list_url
from rebates.models import PriceDropClaim

State = PriceDropClaim.State


def open_claims(actor: Actor) -> RowQuery:
    """Query (is own, state, count, first day to reply) of the claims that wait for the actor's party."""
    rows = PriceDropClaim.objects.none()
    if actor.party_id is not None:
        visible = PriceDropClaim.objects.visible_to(actor)
        mine = visible.filter(party_id=actor.party_id, state=State.WAITING)
        sold = visible.filter(drop__seller_id=actor.party_id, state=State.REPLIED)
        rows = (mine if actor.may("price_drop.reply") else mine.none()) | (
            sold if actor.may("price_drop.decide") else sold.none()
        )
    found: RowQuery = rows.order_by().values_list("state").annotate(count=Count("*"), first=Min("reply_by"))
    return found


def claim_todos(actor: Actor, rows: Iterable[Row]) -> Iterator[ToDo]:
    """Yield the to-dos of price-drop claims."""
    for state, count, first in rows:
        url = list_url(PriceDropClaim, actor, state=state)
        if state == State.WAITING:
            text = ngettext("price-drop claim to reply to", "price-drop claims to reply to", count)
            when = _("reply by %(day)s") % {"day": date_format(first, "MONTH_DAY_FORMAT")}
            yield ToDo(count, text, "message-reply", "warn", when=when, url=url, due=first)
        else:
            text = ngettext("price-drop claim to decide", "price-drop claims to decide", count)
            yield ToDo(count, text, "gavel", url=url)
