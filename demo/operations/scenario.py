"""The scenario of the demonstration: its size, day, random generators, parties and products."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.rights import Actor, the_system
from catalogue.models import Product
from dealers.models import Party
from kernel.periods import months_after
from kernel.refusals import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
SEED = 20260101
ONE_CLICK_PARTIES = 2
"""The first dealers and members, by code, are those that people sign in for with one click."""


class NotPrepared(Refusal):
    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class Scale:
    """The size of the demonstration. `dealer_orders` and so on are orders a year of each buyer."""

    dealers: int = 60
    members: int = 400
    outlets: int = 3000
    products: int = 200
    contracts: int = 300
    dealer_orders: int = 20
    member_orders: int = 8
    outlet_orders: int = 1
    present: int = 30


SMALL = Scale(
    dealers=6,
    members=24,
    outlets=60,
    products=40,
    contracts=16,
    dealer_orders=12,
    member_orders=6,
    outlet_orders=2,
    present=16,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The demonstration to create: its day (the first without past trade), scale and seed."""

    day: date
    scale: Scale = field(default_factory=Scale)
    seed: int = SEED

    def chance(self, topic: str) -> random.Random:
        """Return the random generator of a topic, so that one part does not affect another."""
        return random.Random(f"{self.seed}/{self.day}/{topic}")  # noqa: S311  the same data on each machine

    def lasting(self, topic: str) -> random.Random:
        """Return a random generator that is the same on every day, for names and places."""
        return random.Random(f"{self.seed}/{topic}")  # noqa: S311  the same data on each machine

    @property
    def now(self) -> datetime:
        return moment(self.day, time(9))

    @property
    def by(self) -> Actor:
        return the_system("演示数据")

    @property
    def first_day(self) -> date:
        """The day a year before; past trade ends yesterday."""
        return self.day - timedelta(days=365)


def moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE).astimezone(UTC)


def month_start(day: date, months: int = 0) -> date:
    """Return the first day of the month that is `months` after the day's."""
    return months_after(day.replace(day=1), months)


class Someone(NamedTuple):
    id: UUID
    code: str
    name: str
    kind: str
    region: str | None
    channel: str | None
    tier: str | None
    parent_id: UUID | None


class Ware(NamedTuple):
    id: UUID
    sku: str
    name: str
    category: str
    case: int
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class World:
    """The existing parties and products, in order of their codes."""

    maker: Someone
    dealers: list[Someone]
    members: list[Someone]
    outlets: list[Someone]
    wares: list[Ware]

    @property
    def by_id(self) -> dict[UUID, Someone]:
        return {one.id: one for one in [self.maker, *self.dealers, *self.members, *self.outlets]}

    @property
    def one_click(self) -> list[Someone]:
        """The dealers and members that people of the demonstration act for."""
        return [*self.dealers[:ONE_CLICK_PARTIES], *self.members[:ONE_CLICK_PARTIES]]

    def children(self) -> dict[UUID, list[Someone]]:
        """Return the members, then the outlets of each supplier."""
        found: dict[UUID, list[Someone]] = defaultdict(list)
        for one in [*self.members, *self.outlets]:
            if one.parent_id is not None:
                found[one.parent_id].append(one)
        return found


def read_world() -> World:
    rows = Party.objects.order_by("code").values_list(
        "id", "code", "name", "kind", "region_id", "channel__code", "tier__code", "parent_id"
    )
    of_kind: dict[str, list[Someone]] = defaultdict(list)
    for row in rows:
        of_kind[row[3]].append(Someone(*row))
    wares: Iterable[Any] = Product.objects.filter(units__name="箱", stage="active").order_by("sku")
    return World(
        maker=of_kind["manufacturer"][0],
        dealers=of_kind["dealer"],
        members=of_kind["member"],
        outlets=of_kind["outlet"],
        wares=[
            Ware(*row)
            for row in wares.values_list("id", "sku", "name", "category__code", "units__factor", "tax_rate")  # type: ignore[attr-defined]  # a query-set of values
        ],
    )
