"""Filling the contract form from a stored draft or a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from alliance.models import Contract, ContractRole
from alliance.operations.new_terms import NewShare, NewSpread, NewTerms
from alliance.operations.stored_terms import COPIED, spreads_of, terms_of
from alliance.operations.terms_json import own_fields_of, spreads_from, terms_from
from alliance.queries import places_of
from alliance.web.form_groups import BY_NAME
from alliance.web.form_values import FormRow
from alliance.web.forms import PARTIES, Typed
from catalogue.models import Product

HUNDRED = Decimal(100)


def of_contract(contract: Contract, version: str) -> Typed:
    """Return the form of a stored draft; `version` is the hash of its text."""
    values = {
        "code": contract.code,
        **{role: picked(getattr(contract, role)) for role in PARTIES},
        "starts_on": contract.starts_on.isoformat(),
        "last_day": (contract.until - timedelta(days=1)).isoformat(),
        **{name: _text(getattr(contract, name)) for name in COPIED},
        "version": version,
    }
    areas = [
        FormRow(
            {
                "category": area.category.code,
                "region": f"{area.region.full_name} ({area.region_id})",
                "channel": area.channel.code if area.channel else "",
            }
        )
        for area in places_of([contract.id]).get(contract.id, [])
    ]
    rows = rows_of(spreads_of(contract), terms_of(contract))
    return Typed(values | shares_of(terms_of(contract).shares), rows | {"areas": areas}).padded()


def with_template(typed: Typed, content: Mapping[str, Any]) -> Typed:
    """Return the form of a new draft with the terms of a template."""
    terms = terms_from(content)
    own = {name: _text(value) for name, value in own_fields_of(content).items()}
    typed.values |= own | shares_of(terms.shares)
    typed.rows |= rows_of(spreads_from(content), terms)
    return typed.padded(areas=2)


def rows_of(spreads: Sequence[NewSpread], terms: NewTerms) -> dict[str, list[FormRow]]:
    """Return the rows of terms as they would be typed. One statement."""
    names = dict(Product.objects.filter(sku__in={one.sku for one in spreads}).values_list("sku", "name"))
    found = {
        "spreads": _rows("spreads", spreads),
        "guarantees": _rows("guarantees", terms.guarantees),
        "responsibilities": _rows("responsibilities", terms.responsibilities),
        "kpis": _rows("kpis", terms.kpis),
        "portfolios": _rows("portfolios", terms.portfolios),
        "clauses": _rows("clauses", terms.clauses),
    }
    for row in found["spreads"]:
        sku = row.values["sku"]
        row.values["sku"] = f"{names[sku]} ({sku})" if sku in names else sku
        if row.values["percent"]:
            row.values["guaranteed"] = ""
    for row, one in zip(found["kpis"], terms.kpis, strict=True):
        row.values["weight"] = _text(one.weight * HUNDRED)
    return found


def shares_of(shares: Sequence[NewShare]) -> dict[str, str]:
    """Return the percentage that the manufacturer pays, by field; "" where the dealer pays all."""
    return {
        f"share_{one.kind}": _text(one.share * HUNDRED)
        for one in shares
        if one.role == ContractRole.MANUFACTURER
    }


def picked(row: Any) -> str:
    """Return the text of a picked party: “恒丰食品 (D-01)”."""
    return f"{row.name} ({row.code})"


def _rows(group: str, rows: Iterable[Any]) -> list[FormRow]:
    return [FormRow({name: _text(getattr(row, name)) for name in BY_NAME[group].names}) for row in rows]


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
