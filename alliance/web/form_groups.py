"""The groups of rows of the contract form: their columns, and what each column offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rights import ROLE_NAMES
from alliance.models import ContractRole, KpiMetric, Link, Metric, ProofKind, Rhythm, Window
from alliance.operations.writing_duties import OWNER_ROLES
from catalogue.models import Category, Portfolio
from dealers.models import Channel

HEAVY = 4000


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `widget` is text, select, pick (searched while typing), words (a text area) or hidden.

    `options` names a list of choices; `find` says what a pick searches.
    """

    name: str
    label: Any
    widget: str = "text"
    options: str = ""
    find: str = ""
    mode: str = ""

    @property
    def is_wide(self) -> bool:
        return self.widget == "words" or self.name == "duty"

    @property
    def max_characters(self) -> int:
        return HEAVY if self.widget == "words" else 200


@dataclass(frozen=True, slots=True)
class Group:
    """A group of rows; `more` is whether rows may be added."""

    name: str
    prefix: str
    title: Any
    note: Any
    columns: tuple[Column, ...]
    more: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


GROUPS = (
    Group(
        "areas",
        "area",
        _("Exclusive regions"),
        _("category × region × channel; nobody else can sign for the same"),
        (
            Column("category", _("Category"), "select", "categories"),
            Column("region", _("Region: name or code"), "pick", find="region"),
            Column("channel", _("Channel (empty: all)"), "select", "channels"),
        ),
    ),
    Group(
        "spreads",
        "spread",
        _("Spread guarantee"),
        _("per base unit; the resale price is advice and not binding"),
        (
            Column("clause", _("Clause"), "hidden"),
            Column("sku", _("Product: name or SKU"), "pick", find="product"),
            Column("guaranteed", _("Guaranteed"), mode="decimal"),
            Column("percent", _("or per cent of the advised price"), mode="decimal"),
            Column("advised_resale", _("Advised resale price"), mode="decimal"),
        ),
    ),
    Group(
        "guarantees",
        "guarantee",
        _("Other guarantees"),
        _("what is measured, its target, and what is owed when it is not kept"),
        (
            Column("clause", _("Clause"), "hidden"),
            Column("metric", _("Measured by"), "select", "metrics"),
            Column("category", _("Category (empty: all)"), "select", "categories"),
            Column("target", _("Target"), mode="decimal"),
            Column("window", _("In each"), "select", "windows"),
            Column("cumulative", _("A surplus counts later"), "select", "yes"),
            Column("owed_per_event", _("Owed for each event"), mode="decimal"),
            Column("months_of_income", _("Months of income owed"), mode="numeric"),
            Column("monthly_cap", _("At most in a month"), mode="decimal"),
        ),
    ),
    Group(
        "responsibilities",
        "duty",
        _("Responsibilities"),
        _("five links × three sides; each link with a duty has one lead"),
        (
            Column("link", _("Link"), "select", "links"),
            Column("role", _("Side"), "select", "roles"),
            Column("is_lead", _("Leads"), "select", "yes"),
            Column("duty", _("Duty")),
            Column("owner_role", _("Role of the person"), "select", "owner_roles"),
            Column("rhythm", _("How often"), "select", "rhythms"),
            Column("proof", _("Fulfilled by"), "select", "proofs"),
        ),
    ),
    Group(
        "kpis",
        "kpi",
        _("KPIs"),
        _("weights sum to 100 per cent; cultivation and order count, not volume alone"),
        (
            Column("metric", _("Measured by"), "select", "kpi_metrics"),
            Column("target", _("Target in a month"), mode="decimal"),
            Column("weight", _("Weight in per cent"), mode="decimal"),
        ),
    ),
    Group(
        "portfolios",
        "portfolio",
        _("Product portfolio"),
        _("what the member may buy in each channel; without one, everything"),
        (
            Column("portfolio", _("Portfolio"), "select", "portfolios"),
            Column("channel", _("Channel (empty: all)"), "select", "channels"),
        ),
    ),
    Group(
        "clauses",
        "clause",
        _("Other clauses"),
        _("in words; they may not fix a resale price"),
        (
            Column("number", _("Clause"), "hidden"),
            Column("heading", _("Heading")),
            Column("body", _("Text"), "words"),
        ),
    ),
)
BY_NAME = {group.name: group for group in GROUPS}


def options() -> dict[str, list[tuple[str, Any]]]:
    """Return the choices of every select. Three statements."""
    codes = sorted({role for roles in OWNER_ROLES.values() for role in roles}, key=list(ROLE_NAMES).index)
    return {
        "categories": list(Category.objects.order_by("code").values_list("code", "name")),
        "channels": list(Channel.objects.order_by("code").values_list("code", "name")),
        "portfolios": list(Portfolio.objects.order_by("code").values_list("code", "name")),
        "metrics": list(Metric.choices),
        "windows": list(Window.choices),
        "links": list(Link.choices),
        "roles": list(ContractRole.choices),
        "owner_roles": [(code, ROLE_NAMES[code]) for code in codes],
        "rhythms": list(Rhythm.choices),
        "proofs": list(ProofKind.choices),
        "kpi_metrics": list(KpiMetric.choices),
        "yes": [("yes", _("yes"))],
    }
