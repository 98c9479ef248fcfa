"""The numbered clauses of a contract's text, in the order of its chapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alliance.domain.clause_numbers import CHAPTER_OF_KIND, Chapter, order_of

Json = dict[str, Any]
ROLES = ("manufacturer", "dealer", "member")


@dataclass(frozen=True, slots=True)
class NumberedClause:
    """A clause of a text.

    `what` is party, term, rule, area, spread, service, guarantee, shares, responsibility, kpi, portfolio
    or clause; `content` is its part of the text.
    """

    number: str
    what: str
    content: Json

    @property
    def chapter(self) -> Chapter:
        return Chapter(order_of(self.number)[0])


def clauses_of(text: Json) -> list[NumberedClause]:
    """Return the clauses of a text in the order of their numbers."""
    found = [
        *_parties(text),
        *_listed(text, "areas", "area"),
        *_listed(text, "spreads", "spread"),
        *_service(text),
        *_listed(text, "guarantees", "guarantee"),
        *_shares(text),
        *_listed(text, "responsibilities", "responsibility"),
        *_listed(text, "kpis", "kpi"),
        *_listed(text, "portfolios", "portfolio"),
        *_listed(text, "clauses", "clause"),
    ]
    return sorted(found, key=lambda one: order_of(one.number))


def find_clause(text: Json, number: str) -> NumberedClause | None:
    """Return the clause of this number, or None."""
    return next((one for one in clauses_of(text) if one.number == number), None)


def _parties(text: Json) -> list[NumberedClause]:
    found = [
        NumberedClause(f"1.{place}", "party", {"role": role} | text["parties"][role])
        for place, role in enumerate(ROLES, 1)
    ]
    found.append(NumberedClause("1.4", "term", text["term"]))
    rules = text.get("rules", {})
    for place, name in enumerate(("security_deposit", "reply_days", "book_up_to"), 5):
        if name in rules:
            found.append(NumberedClause(f"1.{place}", "rule", {"name": name, "value": rules[name]}))
    if "notice_days" in rules:
        notice = {"name": "notice_days", "value": rules["notice_days"]}
        found.append(NumberedClause("5.1", "rule", notice))
    return found


def _service(text: Json) -> list[NumberedClause]:
    service = text.get("service")
    return [NumberedClause("4.1", "service", service)] if service else []


def _shares(text: Json) -> list[NumberedClause]:
    """Return who owes which part, numbered by the chapter of each kind that promises something."""
    by_kind: dict[str, list[Json]] = {}
    for one in text.get("shares", []):
        by_kind.setdefault(one["kind"], []).append(one)
    return [
        NumberedClause(f"{CHAPTER_OF_KIND[kind]:d}", "shares", {"kind": kind, "shares": shares})
        for kind, shares in by_kind.items()
        if _promises(text, kind)
    ]


def _promises(text: Json, kind: str) -> bool:
    own = {
        "region": text.get("areas"),
        "spread": text.get("spreads"),
        "service": text.get("service"),
        "term": True,
    }
    return bool(own[kind]) or any(one["kind"] == kind for one in text.get("guarantees", []))


def _listed(text: Json, name: str, what: str) -> list[NumberedClause]:
    return [NumberedClause(one["clause"], what, one) for one in text.get(name, []) if one.get("clause")]
