"""The monthly tier run: scores each party and writes its scorecard with the reasons.

analytics gathers the inputs as MonthInput. A scorecard is written once and never edited. Months run
in order, because a month begins with the tier that the month before has set.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import DEALER, MEMBER
from dealers.domain.tiers import DIMENSIONS, Ladder, Month, Moved, Standing, next_month
from dealers.domain.tiers import Tier as Rung
from dealers.models import Tier, TierMonth
from dealers.operations.tier_reasons import reasons
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id

TIERED = (DEALER, MEMBER)


class NoTiers(Refusal):
    code = "wrong_state"


class LaterMonthRan(Refusal):
    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class Tiered:
    """The result of a range of parties: the last id, None if the range was the last, and the moves."""

    last: UUID | None
    moves: Counter[str]

    @property
    def parties(self) -> int:
        return sum(self.moves.values())


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard to write: the tier before and after, the result, and the reasons."""

    party_id: UUID
    before: UUID | None
    tier: UUID
    moved: Moved
    reasons: dict[str, Any]


def tier_range(*, month: date, after: UUID, limit: int) -> Tiered:
    """Score the next `limit` parties that have inputs for the month, by id. Three statements.

    A party without a tier starts in the lowest. Raise NoTiers or LaterMonthRan.
    """
    first = month.replace(day=1)
    tiers = list(Tier.objects.order_by("from_score"))
    if not tiers:
        raise NoTiers(_("This tenant has no tiers yet."))
    if TierMonth.objects.filter(month__gt=first).exists():
        raise LaterMonthRan(_("A later month has run: its tiers would be wrong."), field="month")
    ladder = Ladder(tuple(Rung(tier.code, tier.from_score) for tier in tiers))
    with joined_transaction():
        rows = _inputs(first, after, limit)
        cards = [_card(row, ladder, tiers) for row in rows if not row[1]]
        _write(first, cards)
        _move(cards)
    last = rows[-1][0] if len(rows) == limit else None
    return Tiered(last, Counter(card.moved.move for card in cards))


def _inputs(month: date, after: UUID, limit: int) -> list[tuple[Any, ...]]:
    """Return party, whether it has a scorecard, tier, months below, and the five dimensions."""
    columns = ", ".join(DIMENSIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH inputs AS MATERIALIZED (SELECT party_id, {columns} FROM dealers_monthinput"
            " WHERE tenant_id = %(tenant)s AND month = %(month)s AND party_id > %(after)s"
            " ORDER BY party_id LIMIT %(limit)s), carded AS MATERIALIZED ("
            " SELECT party_id FROM dealers_tiermonth WHERE tenant_id = %(tenant)s AND month = %(month)s"
            " AND party_id > %(after)s AND party_id <= "
            " (SELECT party_id FROM inputs ORDER BY party_id DESC LIMIT 1))"
            f" SELECT i.party_id, c.party_id IS NOT NULL, p.tier_id, p.months_below, {columns}"
            " FROM inputs i JOIN dealers_party p ON p.tenant_id = %(tenant)s AND p.id = i.party_id"
            " LEFT JOIN carded c ON c.party_id = i.party_id ORDER BY i.party_id",
            {"tenant": active_tenant_id(), "month": month, "after": after, "limit": limit},
        )
        return cursor.fetchall()


def _card(row: tuple[Any, ...], ladder: Ladder, tiers: list[Tier]) -> Card:
    party_id, _carded, before, below, *values = row
    at = next((index for index, tier in enumerate(tiers) if tier.id == before), 0)
    month = Month(*values)
    standing = Standing(at, below if before else 0)
    moved = next_month(ladder, standing, month)
    why = reasons(ladder, standing, month, moved)
    return Card(party_id, before, tiers[moved.standing.tier].id, moved, why)


def _write(month: date, cards: list[Card]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dealers_tiermonth (tenant_id, month, id, party_id, score, before_id, tier_id, move,"
            " months_below, reasons)"
            " SELECT %s, %s, r.* FROM ROWS FROM (unnest(%s::uuid[]), unnest(%s::uuid[]),"
            " unnest(%s::numeric[]), unnest(%s::uuid[]), unnest(%s::uuid[]), unnest(%s::text[]),"
            " unnest(%s::int[]), jsonb_array_elements(%s::jsonb)) AS r",
            [
                active_tenant_id(),
                month,
                [str(new_id()) for _ in cards],
                [str(card.party_id) for card in cards],
                [card.moved.score for card in cards],
                [card.before and str(card.before) for card in cards],
                [str(card.tier) for card in cards],
                [card.moved.move for card in cards],
                [card.moved.standing.months_below for card in cards],
                json.dumps([card.reasons for card in cards]),
            ],
        )


def _move(cards: list[Card]) -> None:
    """Update the tier and the months below of the parties where they changed, in key order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH news AS (SELECT * FROM unnest(%(ids)s::uuid[], %(tiers)s::uuid[], %(below)s::int[])"
            " AS n(id, tier_id, months_below)), mine AS ("
            " SELECT p.id, n.tier_id, n.months_below FROM dealers_party p JOIN news n ON n.id = p.id"
            " WHERE p.tenant_id = %(tenant)s"
            " AND (p.tier_id, p.months_below) IS DISTINCT FROM (n.tier_id, n.months_below)"
            " ORDER BY p.id FOR NO KEY UPDATE OF p)"
            " UPDATE dealers_party p SET tier_id = m.tier_id, months_below = m.months_below"
            " FROM mine m WHERE p.tenant_id = %(tenant)s AND p.id = m.id",
            {
                "tenant": active_tenant_id(),
                "ids": [str(card.party_id) for card in cards],
                "tiers": [str(card.tier) for card in cards],
                "below": [card.moved.standing.months_below for card in cards],
            },
        )
