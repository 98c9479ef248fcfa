"""Stock of who keeps it here: opened, produced, received and shipped, each change with its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from dealers.models import Party
from integrations.operations.demo.world import Plan, World, moment, month_start
from integrations.operations.importing_rows import insert_rows, new_ids

MAKERS_SPARE, DEALERS_SPARE = 120, 20
PRODUCED = 1.06
SAFETY = 10


class Moved(NamedTuple):
    """A change of what a party has of a product; `source` moves a stock once."""

    party_id: UUID
    product_id: UUID
    kind: str
    qty: int
    source: str
    at: datetime


def write_stock(plan: Plan, world: World, moved: Iterable[Moved]) -> None:
    """Opens the stock of every party that keeps it, large enough that nothing was ever oversold."""
    keepers = set(Party.objects.filter(tracks_stock=True).values_list("id", flat=True))
    of: dict[tuple[UUID, UUID], list[Moved]] = defaultdict(list)
    for one in moved:
        if one.party_id in keepers:
            of[one.party_id, one.product_id].append(one)
    cases = {ware.id: ware.case for ware in world.wares}
    for ware in world.wares:
        of.setdefault((world.maker.id, ware.id), [])
    rows, movements = [], list[tuple[str, Moved]]()
    for key, stock_id in zip(sorted(of), new_ids(len(of)), strict=True):
        mine, changes = key[0] == world.maker.id, of[key]
        if mine:
            changes += _produced(plan, changes, cases.get(key[1], 1))
        spare = (MAKERS_SPARE if mine else DEALERS_SPARE) * cases.get(key[1], 1)
        opening = Moved(
            *key,
            "count",
            _lowest(changes) + spare,
            f"opening:{plan.first_day}",
            moment(plan.first_day, time(0)),
        )
        movements += [(stock_id, one) for one in [opening, *changes]]
        on_hand = opening.qty + sum(one.qty for one in changes)
        rows.append((stock_id, *key, on_hand, SAFETY * cases.get(key[1], 1) if mine else 0))
    ids, parties, products, on_hand, safety = zip(*rows, strict=True)
    insert_rows(
        "ordering_stock",
        {
            "id": ("uuid", ids), "party_id": ("uuid", parties), "product_id": ("uuid", products),
            "on_hand": ("bigint", on_hand), "safety": ("bigint", safety),
        },
        {"quarantine": 0, "hard": 0, "soft": 0},
    )  # fmt: skip
    insert_rows(
        "ordering_stockmovement",
        {
            "id": ("uuid", new_ids(len(movements))),
            "stock_id": ("uuid", [stock_id for stock_id, _ in movements]),
            "kind": ("text", [one.kind for _, one in movements]),
            "qty": ("bigint", [one.qty for _, one in movements]),
            "source": ("text", [one.source for _, one in movements]),
            "at": ("timestamptz", [one.at.isoformat() for _, one in movements]),
        },
    )


def _produced(plan: Plan, changes: Iterable[Moved], case: int) -> list[Moved]:
    """On the first of each month the maker puts in stock what the month before has sold, and more."""
    sold: dict[object, int] = defaultdict(int)
    one = None
    for one in changes:
        sold[month_start(one.at.date(), 1)] -= one.qty
    if one is None:
        return []
    last = plan.day - timedelta(days=1)
    return [
        Moved(one.party_id, one.product_id, "receipt", _whole(units, case), f"production:{day}",
              moment(day, time(6)))  # type: ignore[arg-type]
        for day, units in sorted(sold.items(), key=str) if units > 0 and day <= last  # type: ignore[operator]
    ]  # fmt: skip


def _whole(units: int, case: int) -> int:
    return round(units * PRODUCED / case + 1) * case


def _lowest(changes: Iterable[Moved]) -> int:
    """How much there must have been at the start so that there always was enough."""
    level = lowest = 0
    for one in sorted(changes, key=lambda one: one.at):
        level += one.qty
        lowest = min(lowest, level)
    return -lowest
