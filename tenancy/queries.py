from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from kernel.periods import months_after
from kernel.search import search_beginnings
from tenancy.context import active_tenant_id
from tenancy.models import Tenant
from ui.models import SearchToken

MONTHS_AHEAD = 3
MAX_CANDIDATES = 500
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


def ids_like(noun: str, typed: str) -> QuerySet[SearchToken, UUID] | None:
    """The ids of a noun's objects that have a token for each word typed; None for nothing typed.

    Several words are intersected: a range of the index each, and no loop of one over the other.
    """
    ranges = [_ids(noun, words) for words in search_beginnings(typed)]
    if not ranges:
        return None
    return ranges[0].intersection(*ranges[1:]) if ranges[1:] else ranges[0]


def objects_like(noun: str, typed: str) -> Q:
    """A condition on a noun's rows: that they are found by what was typed; everything for nothing."""
    ids = ids_like(noun, typed)
    return Q() if ids is None else Q(id__in=ids)


def candidates(noun: str, typed: str, most: int = MAX_CANDIDATES) -> list[UUID]:
    """Ids found by what was typed, for one word the nearest first: at most `most` tokens are read."""
    ids = ids_like(noun, typed)
    if ids is None:
        return []
    nearest = ids if ids.query.combinator else ids.order_by("token")
    return list(dict.fromkeys(nearest[:most]))


def _ids(noun: str, words: tuple[str, ...]) -> QuerySet[SearchToken, UUID]:
    return SearchToken.objects.filter(_begins(words), noun=noun).values_list("object_id", flat=True)


def _begins(words: tuple[str, ...]) -> Q:
    """The first word as a beginning; a second one is a token that was cut, met whole."""
    found = Q(token__gte=words[0], token__lt=words[0] + AFTER_ALL)
    for word in words[1:]:
        found |= Q(token=word)
    return found
