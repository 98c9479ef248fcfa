"""The differences between two texts of a contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two texts.

    `what` is party, term, area, spread or service; `key` identifies it (a role, a field, a code), and
    `name` is for display. `before` and `after` are as in the texts; "" means absent.
    """

    kind: str
    what: str
    key: str
    field: str = ""
    name: str = ""
    clause: str = ""
    before: str = ""
    after: str = ""


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return what the second text changed, added and removed; [] for equal terms.

    The keys of a text are code, version, parties, term, areas, spreads and service.
    """
    return [
        *_parties(before.get("parties", {}), after.get("parties", {})),
        *_fields("term", before.get("term") or {}, after.get("term") or {}, ("from", "until")),
        *_areas(before.get("areas", []), after.get("areas", [])),
        *_spreads(before.get("spreads", []), after.get("spreads", [])),
        *_fields(
            "service",
            before.get("service") or {},
            after.get("service") or {},
            ("delivery_hours", "late_fee"),
        ),
    ]


def _parties(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    found = []
    for role in ("manufacturer", "dealer", "member"):
        old, new = before.get(role, {}), after.get(role, {})
        if old.get("code") != new.get("code"):
            found.append(_change("party", role, "", _named(old), _named(new)))
    return found


def _named(party: dict[str, Any]) -> str:
    return f"{party['code']} {party.get('name', '')}".strip() if party.get("code") else ""


def _fields(what: str, old: dict[str, Any], new: dict[str, Any], fields: tuple[str, ...]) -> list[Change]:
    return [
        _change(what, field, field, _text(old.get(field)), _text(new.get(field)))
        for field in fields
        if _text(old.get(field)) != _text(new.get(field))
    ]


def _areas(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    old = {(one["category"], one["region"]): one for one in before}
    new = {(one["category"], one["region"]): one for one in after}
    found = []
    for key in sorted(old.keys() ^ new.keys()):
        one = new.get(key) or old[key]
        words = f"{one['region_name']} · {one['category_name']}"
        sides = ("", words) if key in new else (words, "")
        found.append(_change("area", "/".join(key), "", *sides))
    return found


def _spreads(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    old = {one["sku"]: one for one in before}
    new = {one["sku"]: one for one in after}
    found = []
    for sku in sorted(old.keys() | new.keys()):
        was, now = old.get(sku, {}), new.get(sku, {})
        one = now or was
        for field in ("guaranteed", "advised_resale", "clause"):
            sides = (_text(was.get(field)), _text(now.get(field)))
            if sides[0] != sides[1]:
                found.append(_change("spread", sku, field, *sides, name=one["product"], clause=one["clause"]))
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _change(
    what: str, key: str, field: str, before: str, after: str, *, name: str = "", clause: str = ""
) -> Change:
    kind = ADDED if not before else REMOVED if not after else CHANGED
    return Change(kind, what, key, field, name, clause, before, after)
