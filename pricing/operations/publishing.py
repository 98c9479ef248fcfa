"""What the approval of a price list or a scheme is about: the new prices beside those in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop

from approvals.domain.rules import FieldChange
from kernel.cases import plain
from pricing.models import PriceEntry, PriceList, Scheme

PUBLISH_LIST, PUBLISH_SCHEME = "pricing.publish_list", "pricing.publish_scheme"
MAX_PRICES_DISPLAYED = 200
BEGINS, FOR_WHOM, PRICES, PRICE = (
    gettext_noop("From"),
    gettext_noop("For whom"),
    gettext_noop("Number of prices"),
    gettext_noop("Price"),
)
BUDGET, BUDGET_UNITS, BUYER, BUYER_UNITS = (
    gettext_noop("Budget"),
    gettext_noop("Budget in units"),
    gettext_noop("Limit of each buyer"),
    gettext_noop("Limit of each buyer in units"),
)
TERMS, STATE = gettext_noop("Terms"), gettext_noop("State")
Prices = dict[tuple[str, int], str]


def list_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a draft and return its fields and prices as JSON; {} if it is gone."""
    found = PriceList.objects.select_for_update().filter(id=values["price_list_id"]).first()
    if found is None:
        return {}
    prices = _prices_of([found.id])
    return {
        **_fields_of(found),
        "name": found.name,
        "priority": found.priority,
        "version": found.version,
        "tax_included": found.tax_included,
        "prices": [[sku, least, price] for (sku, least), price in sorted(prices.items())],
    }


def list_changes(draft: PriceList, today: date) -> list[FieldChange]:
    """Return what buyers will find: first day, audience, and the prices that differ from those in force."""
    in_force = PriceList.objects.filter(
        Q(until__isnull=True) | Q(until__gt=draft.starts_on or today),
        seller_id=draft.seller_id,
        code=draft.code,
        state=PriceList.State.PUBLISHED,
    )
    old = _prices_of(in_force.values_list("id", flat=True))
    new = _prices_of([draft.id])
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return [
        FieldChange(BEGINS, "—", str(draft.starts_on or today)),
        FieldChange(FOR_WHOM, "—", f"{draft.get_audience_kind_display()} {draft.audience_value}".strip()),
        FieldChange(PRICES, str(len(old)), str(len(new))),
        *(
            FieldChange(PRICE, _named(key, old.get(key)), _named(key, new.get(key)))
            for key in changed[:MAX_PRICES_DISPLAYED]
        ),
    ]


def scheme_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a scheme and return its fields as JSON; {} if it is gone."""
    found = Scheme.objects.select_for_update().filter(id=values["scheme_id"]).first()
    if found is None:
        return {}
    return {
        **_fields_of(found),
        "name": found.name,
        "kind": found.kind,
        "priority": found.priority,
        "group": found.exclusive_group,
        "terms": found.terms,
        "budget": [str(found.budget_money or ""), found.budget_units],
        "buyer": [str(found.buyer_money or ""), found.buyer_units],
    }


def scheme_changes(scheme: Scheme, today: date) -> list[FieldChange]:
    """Return the scheme's kind, terms, audience, days and budgets."""
    ends = scheme.until or "∞"
    return [
        FieldChange(STATE, "—", str(scheme.get_kind_display())),
        FieldChange(TERMS, "—", "; ".join(f"{key}: {value}" for key, value in sorted(scheme.terms.items()))),
        FieldChange(FOR_WHOM, "—", f"{scheme.get_audience_kind_display()} {scheme.audience_value}".strip()),
        FieldChange(BEGINS, "—", f"{scheme.starts_on or today} – {ends}"),
        *(
            FieldChange(label, "—", str(value))
            for label, value in (
                (BUDGET, scheme.budget_money),
                (BUDGET_UNITS, scheme.budget_units),
                (BUYER, scheme.buyer_money),
                (BUYER_UNITS, scheme.buyer_units),
            )
            if value is not None
        ),
    ]


def _fields_of(row: PriceList | Scheme) -> dict[str, Any]:
    return {
        "state": row.state,
        "audience": [row.audience_kind, row.audience_value],
        "days": [str(row.starts_on or ""), str(row.until or "")],
    }


def _prices_of(list_ids: Iterable[UUID]) -> Prices:
    rows = PriceEntry.objects.filter(price_list__in=list(list_ids)).values_list(
        "product__sku", "min_qty", "price", "per", "advised_resale"
    )
    return {(sku, least): _price(price, per, advised) for sku, least, price, per, advised in rows}


def _price(price: Decimal, per: int, advised: Decimal | None) -> str:
    """Return "100 / 24 → 130": the price, for how many base units, and the advised resale price."""
    text = plain(price) if per == 1 else f"{plain(price)} / {per}"
    return text if advised is None else f"{text} → {plain(advised)}"


def _named(key: tuple[str, int], price: str | None) -> str:
    sku, least = key
    return "—" if price is None else f"{sku}{f' ≥ {least}' if least else ''}: {price}"
