"""The stored terms of a contract as input of a new draft."""

from __future__ import annotations

from decimal import Decimal

from alliance.domain.clause_numbers import order_of
from alliance.models import (
    Contract,
    ContractArea,
    ContractRole,
    GuaranteeKind,
    KpiMetric,
    Link,
    Metric,
    ProofKind,
    Rhythm,
    SpreadTerm,
    Window,
)
from alliance.operations.new_terms import (
    NewArea,
    NewClause,
    NewGuarantee,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
    NewShare,
    NewSpread,
    NewTerms,
)

COPIED = (
    "delivery_hours",
    "late_fee",
    "notice_days",
    "reply_days",
    "book_up_to",
    "security_deposit",
)


def areas_of(contract: Contract) -> list[NewArea]:
    """Return the regions of a contract."""
    rows = ContractArea.objects.filter(contract=contract)
    ordered = rows.order_by("category__code", "region_id", "channel__code")
    return [
        NewArea(category, region, channel or "")
        for category, region, channel in ordered.values_list("category__code", "region_id", "channel__code")
    ]


def spreads_of(contract: Contract) -> list[NewSpread]:
    """Return the spread guarantees of a contract."""
    names = ("product__sku", "clause", "guaranteed", "advised_resale", "percent")
    rows = SpreadTerm.objects.filter(contract=contract).values_list(*names)
    return sorted((NewSpread(*row) for row in rows), key=lambda one: order_of(one.clause))


def terms_of(contract: Contract) -> NewTerms:
    """Return the other terms of a contract. Six statements."""
    return NewTerms(
        guarantees=_guarantees(contract),
        shares=_shares(contract),
        responsibilities=_responsibilities(contract),
        kpis=_kpis(contract),
        portfolios=_portfolios(contract),
        clauses=_clauses(contract),
    )


def _guarantees(contract: Contract) -> tuple[NewGuarantee, ...]:
    rows = contract.terms.select_related("category")
    return tuple(
        NewGuarantee(
            metric=Metric(one.metric),
            target=one.target,
            clause=one.clause,
            category=one.category.code if one.category else "",
            window=Window(one.window),
            cumulative=one.cumulative,
            owed_per_event=one.owed_per_event,
            months_of_income=one.months_of_income,
            monthly_cap=one.monthly_cap,
        )
        for one in sorted(rows, key=lambda row: order_of(row.clause))
    )


def _shares(contract: Contract) -> tuple[NewShare, ...]:
    rows: list[tuple[str, str, Decimal]] = list(contract.shares.values_list("kind", "role", "share"))
    return tuple(
        NewShare(GuaranteeKind(kind), ContractRole(role), share) for kind, role, share in sorted(rows)
    )


def _responsibilities(contract: Contract) -> tuple[NewResponsibility, ...]:
    links, roles = list(Link.values), list(ContractRole.values)
    return tuple(
        NewResponsibility(
            link=Link(one.link),
            role=ContractRole(one.role),
            duty=one.duty,
            owner_role=one.owner_role,
            is_lead=one.is_lead,
            rhythm=Rhythm(one.rhythm),
            proof=ProofKind(one.proof),
        )
        for one in sorted(
            contract.responsibilities.all(), key=lambda row: (links.index(row.link), roles.index(row.role))
        )
    )


def _kpis(contract: Contract) -> tuple[NewKpi, ...]:
    metrics = list(KpiMetric.values)
    rows = sorted(contract.kpis.all(), key=lambda row: metrics.index(row.metric))
    return tuple(NewKpi(KpiMetric(one.metric), one.target, one.weight) for one in rows)


def _portfolios(contract: Contract) -> tuple[NewPortfolio, ...]:
    rows = contract.portfolios.order_by("channel__code").values_list("portfolio__code", "channel__code")
    return tuple(NewPortfolio(portfolio, channel or "") for portfolio, channel in rows)


def _clauses(contract: Contract) -> tuple[NewClause, ...]:
    rows = contract.clauses.values_list("heading", "body", "number")
    return tuple(sorted((NewClause(*row) for row in rows), key=lambda one: order_of(one.number)))
