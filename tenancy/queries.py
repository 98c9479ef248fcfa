from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from kernel.periods import months_after
from kernel.search import search_beginnings
from tenancy.context import active_tenant_id
from tenancy.models import SearchToken, Tenant

MONTHS_AHEAD = 3
MOST_CANDIDATES = 500
AFTER_ALL = "\U0010ffff"


def day_of_tenant(at: datetime) -> date:
    """The day that it is for the active tenant, in its own time zone."""
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=active_tenant_id())
    return at.astimezone(ZoneInfo(zone)).date()


def missing_partitions(*, on: date, ahead: int = MONTHS_AHEAD) -> list[str]:
    """The months, this one and the next three, that a partitioned table lacks: `table_yyyymm`.

    Rows of such a month fall into the default partition. Asks the catalogue, as any role may.
    """
    months = [f"{months_after(on.replace(day=1), number):%Y%m}" for number in range(ahead + 1)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.name || '_' || m.month FROM (SELECT c.oid, c.relname AS name"
            " FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid"
            " WHERE c.relnamespace = 'public'::regnamespace) t CROSS JOIN unnest(%s) AS m(month)"
            " WHERE NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid"
            " WHERE i.inhparent = t.oid AND k.relname = t.name || '_' || m.month) ORDER BY 1",
            [months],
        )
        return [name for (name,) in cursor.fetchall()]


def tokens_like(noun: str, typed: str) -> QuerySet[SearchToken] | None:
    """The tokens by which objects of a noun are found for what was typed; None for nothing typed.

    Of several words the first, most telling one; the object has tokens for all the others too.
    """
    words = search_beginnings(typed)
    if not words:
        return None
    tokens = SearchToken.objects.filter(_begins(words[0]), noun=noun)
    for others in words[1:]:
        also = SearchToken.objects.filter(_begins(others), noun=noun)
        tokens = tokens.filter(object_id__in=also.values("object_id"))
    return tokens


def objects_like(noun: str, typed: str) -> Q:
    """A condition on a noun's rows: that they are found by what was typed; everything for nothing."""
    tokens = tokens_like(noun, typed)
    return Q() if tokens is None else Q(id__in=tokens.values("object_id"))


def candidates(noun: str, typed: str, most: int = MOST_CANDIDATES) -> list[UUID]:
    """Ids found by what was typed, the nearest first: at most `most` tokens are read."""
    tokens = tokens_like(noun, typed)
    if tokens is None:
        return []
    return list(dict.fromkeys(tokens.order_by("token").values_list("object_id", flat=True)[:most]))


def _begins(words: tuple[str, ...]) -> Q:
    """The first word as a beginning; a second one is a token that was cut, met whole."""
    found = Q(token__gte=words[0], token__lt=words[0] + AFTER_ALL)
    for word in words[1:]:
        found |= Q(token=word)
    return found
