"""The sections of a printed contract, made from its text whatever the text holds.

A key that is not known is printed as well, by its own name: what the three sign is on paper entirely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

NOT_SECTIONS = ("code", "version")
FIRST = ("parties", "areas", "term", "spreads", "service", "rules")
AS_WRITTEN = ("clause", "number", "code", "sku", "region", "uscc")
GROUP = 8
CODE_OF_NAME = {"category": "category_name", "channel": "channel_name", "portfolio": "portfolio_name"}


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a language: headings of sections, names of fields, and labels of coded values."""

    headings: Mapping[str, str]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    yes: str
    no: str
    term: str
    delivery: str
    no_delivery: str
    none: str
    advice: str
    day: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section: paragraphs, then a table if `heads` is not empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def sections_of(text: Mapping[str, Any], labels: Labels) -> list[Section]:
    """Return the sections of a contract's text in their order, numbered."""
    keys = [key for key in FIRST if key in text]
    keys += [key for key in text if key not in (*FIRST, *NOT_SECTIONS)]
    made = [section_of(key, text[key], labels) for key in keys if text[key] or key in FIRST]
    return [
        Section(f"{place}. {one.heading}", one.paragraphs, one.heads, one.rows)
        for place, one in enumerate(made, 1)
    ]


def section_of(key: str, value: Any, labels: Labels) -> Section:
    """Return the section of one key of the text."""
    heading = labels.headings.get(key, labels.names.get(key, key))
    if key == "parties":
        rows = [
            (labels.names.get(role, role), one["name"], one["code"], one.get("uscc") or "—")
            for role, one in value.items()
        ]
        return Section(heading, heads=_heads(("role", "name", "code", "uscc"), labels), rows=tuple(rows))
    if key == "term":
        last = date.fromisoformat(value["until"]) - timedelta(days=1)
        days = {"first": labels.day(date.fromisoformat(value["from"])), "last": labels.day(last)}
        return Section(heading, (labels.term % days,))
    if key == "service" and set(value or ()) <= {"delivery_hours", "late_fee"}:
        if not value:
            return Section(heading, (labels.no_delivery,))
        given = {"hours": value["delivery_hours"], "fee": plain_number(value["late_fee"])}
        return Section(heading, (labels.delivery % given,))
    if key == "clauses" and all(isinstance(one, dict) and "body" in one for one in value):
        return Section(heading, tuple(_clause(one) for one in value))
    if isinstance(value, Mapping):
        return Section(heading, rows=tuple(_facts(value, labels)), heads=("", ""))
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return _table(key, heading, value, labels)
    return Section(heading, (_value(value, labels) if value else labels.none,))


def _clause(one: Mapping[str, Any]) -> str:
    number = one.get("clause") or one.get("number") or ""
    head = " ".join(part for part in (str(number), str(one.get("heading") or "")) if part)
    return f"{head}\n{one['body']}" if head else str(one["body"])


def _table(key: str, heading: str, value: Sequence[Mapping[str, Any]], labels: Labels) -> Section:
    """Return a table with a column for each field that some row fills; a code beside its name is left out."""
    fields = list(dict.fromkeys(field for one in value for field in one))
    filled = [field for field in fields if any(one.get(field) not in (None, "", [], {}) for one in value)]
    columns = [field for field in filled if CODE_OF_NAME.get(field) not in filled]
    rows = tuple(tuple(_cell(field, one.get(field), labels) for field in columns) for one in value)
    notes = (labels.advice,) if key == "spreads" else ()
    return Section(heading, notes, _heads(columns, labels), rows)


def _heads(fields: Sequence[str], labels: Labels) -> tuple[str, ...]:
    return tuple(labels.names.get(field, field) for field in fields)


def _facts(value: Mapping[str, Any], labels: Labels) -> list[tuple[str, str]]:
    return [(labels.names.get(name, name), _cell(name, one, labels)) for name, one in value.items()]


def _cell(field: str, value: Any, labels: Labels) -> str:
    """Return a field's value: numbers of clauses and codes stay as written, a hash is in groups."""
    if value and field in AS_WRITTEN:
        return str(value)
    if value and field == "digest":
        return " ".join(value[at : at + GROUP] for at in range(0, len(value), GROUP))
    return _value(value, labels)


def _value(value: Any, labels: Labels) -> str:
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, bool):
        return labels.yes if value else labels.no
    if isinstance(value, list):
        return "、".join(_value(one, labels) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {one}" for name, one in _facts(value, labels))
    written = str(value)
    return labels.codes.get(written, plain_number(written))


def plain_number(written: str) -> str:
    """Return a decimal without needless zeros, "6.5000" as 6.50; other text as it is."""
    if "." not in written:
        return written
    try:
        number = Decimal(written)
    except InvalidOperation:
        return written
    units, _point, places = format(number, "f").partition(".")
    return f"{units}.{places.rstrip('0').ljust(2, '0')}"
