"""The canonical text of a contract: the one text that the three parties sign by its hash."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, TextField, Value
from django.db.models.functions import Cast, JSONObject

from alliance.domain.clause_numbers import Chapter, order_of
from alliance.models import Contract, ContractRole, GuaranteeKind, KpiMetric, Link, Metric
from alliance.models.terms import KIND_OF_METRIC
from alliance.operations.drafting import replaced_by
from catalogue.models import PortfolioProduct
from kernel.cases import plain
from kernel.money import cents

PARTIES = ("manufacturer", "dealer", "member")
CATEGORY = {"category": "category__code", "category_name": "category__name"}
CHANNEL = {"channel": "channel__code", "channel_name": "channel__name"}
CELL = ("link", "role", "is_lead", "duty", "owner_role", "rhythm", "proof")
Json = dict[str, Any]
Reviews = dict[tuple[str, str], Json]


def text_of(contract: Contract) -> Json:
    """Return the text of a contract: codes, names, dates and decimals as strings.

    Each promise has the number of its clause, by which other rooms cite it. Two statements at most.
    """
    old, rows = replaced_by(contract), _read(contract)
    reviews = _reviews(rows["reviews"])
    replaces = {} if old is None else {"replaces": {"version": old.version, "digest": old.digest}}
    return replaces | {
        "code": contract.code,
        "version": contract.version,
        "parties": {
            name: {"code": party.code, "name": party.name, "uscc": party.uscc}
            for name in PARTIES
            for party in [getattr(contract, name)]
        },
        "term": {"from": contract.starts_on.isoformat(), "until": contract.until.isoformat()},
        "rules": _rules(contract),
        "areas": _areas(rows["areas"]),
        "spreads": _spreads(rows["spreads"]),
        "service": _service(contract),
        "guarantees": _guarantees(rows["guarantees"]),
        "shares": _shares(rows["shares"]),
        "responsibilities": _responsibilities(rows["responsibilities"], reviews),
        "kpis": _kpis(rows["kpis"]),
        "portfolios": _portfolios(rows["portfolios"]),
        "clauses": _clauses(rows["clauses"], reviews),
    }


def digest_of(text: Json) -> str:
    """Return the SHA-256 of the text as canonical JSON: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(text, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def clause_digest(heading: str, body: str) -> str:
    """Return the hash of one clause, by which a review of its wording holds for it."""
    return hashlib.sha256(f"{heading}\n{body}".encode()).hexdigest()


def _rules(contract: Contract) -> Json:
    return {
        "security_deposit": _money(contract.security_deposit),
        "notice_days": contract.notice_days,
        "reply_days": contract.reply_days,
        "book_up_to": _money(contract.book_up_to),
    }


def _read(contract: Contract) -> dict[str, list[Json]]:
    """Return the rows of all terms by what they are, decimals as text. One statement."""
    skus = PortfolioProduct.objects.filter(portfolio_id=OuterRef("portfolio_id")).order_by("product__sku")
    parts = [
        _part(
            "areas",
            contract.areas,
            **CATEGORY,
            **CHANNEL,
            region="region_id",
            region_name="region__full_name",
        ),
        _part(
            "spreads",
            contract.spreads,
            clause="clause",
            sku="product__sku",
            product="product__name",
            guaranteed=_digits("guaranteed"),
            percent=_digits("percent"),
            advised_resale=_digits("advised_resale"),
        ),
        _part(
            "guarantees",
            contract.terms,
            **CATEGORY,
            clause="clause",
            metric="metric",
            target=_digits("target"),
            window="window",
            cumulative="cumulative",
            owed_per_event=_digits("owed_per_event"),
            months_of_income="months_of_income",
            monthly_cap=_digits("monthly_cap"),
        ),
        _part("shares", contract.shares, kind="kind", role="role", share=_digits("share")),
        _part("responsibilities", contract.responsibilities, **{name: name for name in CELL}),
        _part("kpis", contract.kpis, metric="metric", target=_digits("target"), weight=_digits("weight")),
        _part(
            "portfolios",
            contract.portfolios,
            **CHANNEL,
            portfolio="portfolio__code",
            portfolio_name="portfolio__name",
            skus=ArraySubquery(skus.values("product__sku")),
        ),
        _part("clauses", contract.clauses, clause="number", heading="heading", body="body"),
        _part(
            "reviews", contract.reviews, number="number", digest="digest", person="person", reason="reason"
        ),
    ]
    found: dict[str, list[Json]] = defaultdict(list)
    for what, row in parts[0].union(*parts[1:], all=True):
        found[what].append(row)
    return found


def _part(what: str, rows: Any, **fields: Any) -> Any:
    annotated = rows.order_by().annotate(what=Value(what, CharField()), row=JSONObject(**fields))
    return annotated.values_list("what", "row")


def _digits(name: str) -> Cast:
    return Cast(name, TextField())


def _areas(rows: list[Json]) -> list[Json]:
    placed = sorted(rows, key=lambda one: (one["category"], one["region"], one["channel"] or ""))
    return [
        {"clause": f"{Chapter.REGION:d}.1.{place}"} | _filled(one, "channel", "channel_name")
        for place, one in enumerate(placed, 1)
    ]


def _filled(row: Json, *names: str) -> Json:
    """Return the row with "" for what it does not have."""
    return row | {name: row[name] or "" for name in names}


def _spreads(rows: list[Json]) -> list[Json]:
    prices = ("guaranteed", "percent", "advised_resale")
    return [one | {name: _plain(one[name]) for name in prices} for one in _by_clause(rows)]


def _service(contract: Contract) -> Json | None:
    if contract.delivery_hours is None:
        return None
    return {"delivery_hours": contract.delivery_hours, "late_fee": _money(contract.late_fee)}


def _guarantees(rows: list[Json]) -> list[Json]:
    amounts = ("target", "owed_per_event", "monthly_cap")
    return [
        _filled(one, "category", "category_name")
        | {"kind": str(KIND_OF_METRIC[Metric(one["metric"])])}
        | {name: _plain(one[name]) for name in amounts}
        for one in _by_clause(rows)
    ]


def _shares(rows: list[Json]) -> list[Json]:
    kinds, roles = list(GuaranteeKind.values), list(ContractRole.values)
    return [
        one | {"share": _plain(one["share"])}
        for one in sorted(rows, key=lambda one: (kinds.index(one["kind"]), roles.index(one["role"])))
    ]


def _responsibilities(rows: list[Json], reviews: Reviews) -> list[Json]:
    links, roles = list(Link.values), list(ContractRole.values)
    placed = [(links.index(one["link"]) + 1, roles.index(one["role"]) + 1, one) for one in rows]
    return [
        _reviewed({"clause": f"{Chapter.RESPONSIBILITIES:d}.{link}.{role}"} | one, "", one["duty"], reviews)
        for link, role, one in sorted(placed, key=lambda found: found[:2])
    ]


def _kpis(rows: list[Json]) -> list[Json]:
    metrics = list(KpiMetric.values)
    placed = sorted(rows, key=lambda one: metrics.index(one["metric"]))
    return [
        one
        | {"clause": f"{Chapter.KPIS:d}.{place}"}
        | {name: _plain(one[name]) for name in ("target", "weight")}
        for place, one in enumerate(placed, 1)
    ]


def _portfolios(rows: list[Json]) -> list[Json]:
    placed = sorted(rows, key=lambda one: one["channel"] or "")
    return [
        {"clause": f"{Chapter.PORTFOLIO:d}.{place}"} | _filled(one, "channel", "channel_name")
        for place, one in enumerate(placed, 1)
    ]


def _reviews(rows: list[Json]) -> Reviews:
    return {(one["number"], one["digest"]): {"by": one["person"], "reason": one["reason"]} for one in rows}


def _clauses(rows: list[Json], reviews: Reviews) -> list[Json]:
    return [_reviewed(one, one["heading"], one["body"], reviews) for one in _by_clause(rows)]


def _reviewed(clause: Json, heading: str, body: str, reviews: Reviews) -> Json:
    """Return a clause with the review that says why its wording is fine, if it has one."""
    review = reviews.get((clause["clause"], clause_digest(heading, body)))
    return clause | ({} if review is None else {"review": review})


def _by_clause(rows: list[Json]) -> list[Json]:
    return sorted(rows, key=lambda one: order_of(one["clause"]))


def _money(amount: Decimal | int) -> str:
    """Return an amount with 2 places, as the database stores it."""
    return plain(cents(Decimal(amount)))


def _plain(digits: str | None) -> str | None:
    return None if digits is None else plain(Decimal(digits))
