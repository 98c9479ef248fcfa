"""The differences between two texts of a contract, clause by clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alliance.domain.clause_numbers import CHAPTER_OF_KIND, order_of

Json = dict[str, Any]
CHANGED, ADDED, REMOVED = "changed", "added", "removed"
RULES = {
    "security_deposit": "1.5",
    "reply_days": "1.6",
    "book_up_to": "1.7",
    "notice_days": "5.1",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two texts.

    `what` is party, term, rule, area, spread, service, guarantee, share, responsibility, kpi, portfolio or
    clause; `key` identifies it (a role, a field, a code), and `name` is for display. `clause` is the number
    in the new text, of something removed in the old one. `before` and `after` are as in the texts; ""
    means absent.
    """

    kind: str
    what: str
    key: str
    field: str = ""
    name: str = ""
    clause: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of a text whose rows are compared field by field."""

    what: str
    name: str
    key: tuple[str, ...]
    fields: tuple[str, ...]
    label: Callable[[Json], str]


def _no_name(_row: Json) -> str:
    return ""


_LISTS = (
    _Listed(
        "guarantee",
        "guarantees",
        ("metric", "category"),
        ("target", "window", "cumulative", "owed_per_event", "months_of_income", "monthly_cap"),
        lambda row: str(row["metric"]),
    ),
    _Listed("share", "shares", ("kind", "role"), ("share",), _no_name),
    _Listed(
        "responsibility",
        "responsibilities",
        ("link", "role"),
        ("duty", "is_lead", "owner_role", "rhythm", "proof"),
        _no_name,
    ),
    _Listed("kpi", "kpis", ("metric",), ("target", "weight"), lambda row: str(row["metric"])),
    _Listed(
        "portfolio",
        "portfolios",
        ("channel",),
        ("portfolio_name", "skus"),
        lambda row: str(row["channel_name"]),
    ),
    _Listed("clause", "clauses", ("clause",), ("heading", "body", "review"), lambda row: str(row["heading"])),
)


def changes(before: Json, after: Json) -> list[Change]:
    """Return what the second text changed, added and removed, by clause; [] for equal terms.

    A key that an older text does not have counts as empty.
    """
    found = [
        *_parties(before.get("parties", {}), after.get("parties", {})),
        *_fields("term", before.get("term") or {}, after.get("term") or {}, {"from": "1.4", "until": "1.4"}),
        *_fields("rule", before.get("rules") or {}, after.get("rules") or {}, RULES),
        *_areas(before.get("areas", []), after.get("areas", [])),
        *_spreads(before.get("spreads", []), after.get("spreads", [])),
        *_fields(
            "service",
            before.get("service") or {},
            after.get("service") or {},
            {"delivery_hours": "4.1", "late_fee": "4.1"},
        ),
    ]
    for listed in _LISTS:
        found += _rows(listed, before.get(listed.name, []), after.get(listed.name, []))
    return sorted(found, key=lambda one: order_of(one.clause))


def _parties(before: Json, after: Json) -> list[Change]:
    found = []
    for place, role in enumerate(("manufacturer", "dealer", "member"), 1):
        old, new = before.get(role, {}), after.get(role, {})
        if old.get("code") != new.get("code"):
            found.append(_change("party", role, "", _named(old), _named(new), clause=f"1.{place}"))
    return found


def _named(party: Json) -> str:
    return f"{party['code']} {party.get('name', '')}".strip() if party.get("code") else ""


def _fields(what: str, old: Json, new: Json, clauses: dict[str, str]) -> list[Change]:
    return [
        _change(what, field, field, _text(old.get(field)), _text(new.get(field)), clause=clause)
        for field, clause in clauses.items()
        if _text(old.get(field)) != _text(new.get(field))
    ]


def _areas(before: list[Json], after: list[Json]) -> list[Change]:
    old, new = ({_place(one): one for one in rows} for rows in (before, after))
    found = []
    for key in sorted(old.keys() ^ new.keys()):
        one = new.get(key) or old[key]
        words = " · ".join(
            part for part in (one["region_name"], one["category_name"], one.get("channel_name")) if part
        )
        sides = ("", words) if key in new else (words, "")
        found.append(_change("area", "/".join(key).rstrip("/"), "", *sides, clause=one.get("clause", "2.1")))
    return found


def _place(area: Json) -> tuple[str, str, str]:
    return area["category"], area["region"], area.get("channel", "")


def _spreads(before: list[Json], after: list[Json]) -> list[Change]:
    old = {one["sku"]: one for one in before}
    new = {one["sku"]: one for one in after}
    found = []
    for sku in sorted(old.keys() | new.keys()):
        was, now = old.get(sku, {}), new.get(sku, {})
        one = now or was
        for field in ("guaranteed", "percent", "advised_resale", "clause"):
            sides = (_text(was.get(field)), _text(now.get(field)))
            if sides[0] != sides[1]:
                found.append(_change("spread", sku, field, *sides, name=one["product"], clause=one["clause"]))
    return found


def _rows(listed: _Listed, before: list[Json], after: list[Json]) -> list[Change]:
    """Return the changed fields of the rows of a list; of a new or removed row those that say something."""
    old = {tuple(str(one[name]) for name in listed.key): one for one in before}
    new = {tuple(str(one[name]) for name in listed.key): one for one in after}
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key, {}), new.get(key, {})
        one = now or was
        for field in listed.fields:
            sides = (_text(was.get(field)), _text(now.get(field)))
            if sides[0] != sides[1]:
                clause = str(one.get("clause") or f"{CHAPTER_OF_KIND[one['kind']]:d}")
                found.append(
                    _change(listed.what, "/".join(key), field, *sides, name=listed.label(one), clause=clause)
                )
    return found


def _text(value: Any) -> str:
    """Return a value for comparison; what is empty or false is absent."""
    match value:
        case None | False:
            return ""
        case True:
            return "yes"
        case list():
            return ", ".join(value)
        case dict():
            return f"{value['by']}: {value['reason']}"
    return str(value)


def _change(
    what: str, key: str, field: str, before: str, after: str, *, name: str = "", clause: str = ""
) -> Change:
    kind = ADDED if not before else REMOVED if not after else CHANGED
    return Change(kind, what, key, field, name, clause, before, after)
