"""The shapes that the homes are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode

from accounts.rights import MANUFACTURER, Actor
from tenancy.web.shapes import Badge


@dataclass(frozen=True, slots=True)
class ToDo:
    count: int
    text: str
    icon: str
    mood: str = ""
    when: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a noun there are."""

    label: str
    count: int
    icon: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    number: str
    other: str
    badge: Badge
    kind: str
    total: Decimal
    placed_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """One guarantee in the last measured month; widths are of a bar that is 100 wide."""

    name: str
    icon: str
    measured: int
    broken: int
    owed: Decimal

    @property
    def kept(self) -> int:
        return self.measured - self.broken

    @property
    def kept_width(self) -> str:
        return f"{100 * self.kept / self.measured:.2f}" if self.measured else "0"

    @property
    def broken_width(self) -> str:
        return f"{100 * self.broken / self.measured:.2f}" if self.measured else "0"


@dataclass(frozen=True, slots=True)
class Guarantees:
    month: date | None = None
    rows: Sequence[GuaranteeRow] = ()

    @property
    def owed(self) -> Decimal:
        return sum((row.owed for row in self.rows), Decimal(0))

    @property
    def measured(self) -> int:
        return sum(row.measured for row in self.rows)

    @property
    def broken(self) -> int:
        return sum(row.broken for row in self.rows)


@dataclass(frozen=True, slots=True)
class TierRow:
    name: str
    parties: int
    promoted: int
    demoted: int
    warned: int
    width: str


@dataclass(frozen=True, slots=True)
class Tiers:
    month: date | None = None
    rows: Sequence[TierRow] = field(default_factory=tuple)

    @property
    def parties(self) -> int:
        return sum(row.parties for row in self.rows)

    @property
    def promoted(self) -> int:
        return sum(row.promoted for row in self.rows)

    @property
    def demoted(self) -> int:
        return sum(row.demoted for row in self.rows)


def list_url(model: type[Model], actor: Actor, **filters: Any) -> str:
    """The admin's list of a noun, for who may open it; "" for everyone else."""
    registered = admin.site._registry.get(model)
    if registered is None or actor.party_kind != MANUFACTURER:
        return ""
    if not actor.may(getattr(registered, "view_right", "")):
        return ""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


def row_url(model: type[Model], actor: Actor, pk: object) -> str:
    if not list_url(model, actor):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
