"""The terms of a contract as JSON: what a template stores, and what the API takes.

Keys are the fields of alliance.operations.new_terms, decimals are strings. Parties, term and regions are
of one contract and not part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any, TypeVar

from alliance.models import Contract
from alliance.operations.new_terms import (
    NewClause,
    NewGuarantee,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
    NewShare,
    NewSpread,
    NewTerms,
)
from alliance.operations.stored_terms import COPIED, spreads_of, terms_of
from kernel.cases import plain

Json = dict[str, Any]
T = TypeVar("T")
KINDS: dict[str, type] = {
    "guarantees": NewGuarantee,
    "shares": NewShare,
    "responsibilities": NewResponsibility,
    "kpis": NewKpi,
    "portfolios": NewPortfolio,
    "clauses": NewClause,
}
MONEY = ("late_fee", "book_up_to", "security_deposit")
DECIMALS = {
    "guaranteed",
    "advised_resale",
    "percent",
    "target",
    "owed_per_event",
    "monthly_cap",
    "share",
    "weight",
}


def write_terms_json(contract: Contract) -> Json:
    """Return the terms of a contract as JSON."""
    content: Json = {name: _plain(getattr(contract, name)) for name in COPIED}
    content["spreads"] = [_row(one) for one in spreads_of(contract)]
    terms = terms_of(contract)
    return content | {name: [_row(one) for one in getattr(terms, name)] for name in KINDS}


def own_fields_of(content: Mapping[str, Any]) -> Json:
    """Return the values of the contract's own fields."""
    return {
        name: Decimal(content[name]) if name in MONEY else content[name]
        for name in COPIED
        if content.get(name) is not None
    }


def spreads_from(content: Mapping[str, Any]) -> list[NewSpread]:
    """Return the spreads of JSON terms."""
    return _rows(NewSpread, content.get("spreads", ()))


def terms_from(content: Mapping[str, Any]) -> NewTerms:
    """Return the other terms of JSON terms."""
    return NewTerms(**{name: tuple(_rows(kind, content.get(name, ()))) for name, kind in KINDS.items()})


def _rows(kind: type[T], rows: Iterable[Mapping[str, Any]]) -> list[T]:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # the kinds are dataclasses
    return [
        kind(**{name: _read(name, value) for name, value in row.items() if name in names}) for row in rows
    ]


def _read(name: str, value: Any) -> Any:
    return Decimal(value) if name in DECIMALS and value is not None else value


def _row(one: Any) -> Json:
    return {name: _plain(value) for name, value in asdict(one).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return str(value) if isinstance(value, str) else value
