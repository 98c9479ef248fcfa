"""Checking and writing a draft's responsibilities, KPIs, portfolios and clauses in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from alliance.domain.clause_numbers import Chapter, number_clauses
from alliance.models import (
    Clause,
    Contract,
    ContractPortfolio,
    ContractRole,
    Kpi,
    Link,
    ProofKind,
    Responsibility,
    Rhythm,
)
from alliance.operations.new_terms import (
    MAX_CLAUSE_TEXT,
    ONE,
    BadContract,
    NewClause,
    NewKpi,
    NewPortfolio,
    NewResponsibility,
)
from alliance.operations.writing_terms import channel_id, channels_of, checked_amount
from catalogue.models import Portfolio

OWNER_ROLES: dict[str, tuple[str, ...]] = {
    ContractRole.MANUFACTURER: STAFF_ROLES,
    ContractRole.DEALER: DEALER_ROLES,
    ContractRole.MEMBER: MEMBER_ROLES,
}
MAX_DUTY, MAX_HEADING = 200, 100


def write_responsibilities(contract: Contract, cells: Sequence[NewResponsibility]) -> None:
    """Write the matrix of responsibilities; each link with a duty has exactly one lead."""
    used: set[tuple[str, str]] = set()
    for place, one in enumerate(cells):
        where = f"responsibilities[{place}]"
        if not one.duty.strip() or len(one.duty) > MAX_DUTY:
            message = _("Write the duty in 1 to %(max)s characters.") % {"max": MAX_DUTY}
            raise BadContract(message, field=f"{where}.duty")
        if one.owner_role not in OWNER_ROLES[one.role]:
            raise BadContract(_("This side has no people of this role."), field=f"{where}.owner_role")
        if one.rhythm not in Rhythm.values or one.proof not in ProofKind.values:
            raise BadContract(_("There is no such rhythm or proof."), field=f"{where}.rhythm")
        if (one.link, one.role) in used:
            raise BadContract(_("This is there twice."), field=f"{where}.role")
        used.add((one.link, one.role))
    leads = Counter(one.link for one in cells if one.is_lead)
    for place, one in enumerate(cells):
        if leads[one.link] != 1:
            message = _("The link “%(link)s” has exactly one side that leads.")
            label = {"link": Link(one.link).label}
            raise BadContract(message % label, field=f"responsibilities[{place}].is_lead")
    Responsibility.objects.bulk_create(
        Responsibility(
            contract=contract,
            link=one.link,
            role=one.role,
            is_lead=one.is_lead,
            duty=one.duty.strip(),
            owner_role=one.owner_role,
            rhythm=one.rhythm,
            proof=one.proof,
        )
        for one in cells
    )


def write_kpis(contract: Contract, kpis: Sequence[NewKpi]) -> None:
    """Write the KPIs; their weights sum to 1."""
    used = set()
    for place, one in enumerate(kpis):
        where = f"kpis[{place}]"
        if one.metric in used:
            raise BadContract(_("This is there twice."), field=f"{where}.metric")
        used.add(one.metric)
        checked_amount(one.target, 2, f"{where}.target")
        if not 0 < one.weight <= 1 or one.weight != round(one.weight, 4):
            raise BadContract(
                _("This must be a share of more than 0 and at most 1."), field=f"{where}.weight"
            )
    total = sum((one.weight for one in kpis), ONE - ONE)
    if kpis and total != ONE:
        message = _("The weights of the KPIs sum to %(sum)s instead of 100 %%.")
        raise BadContract(message % {"sum": f"{total * 100:f} %"}, field=f"kpis[{len(kpis) - 1}].weight")
    Kpi.objects.bulk_create(
        Kpi(contract=contract, metric=one.metric, target=one.target, weight=one.weight) for one in kpis
    )


def write_portfolios(contract: Contract, portfolios: Sequence[NewPortfolio]) -> None:
    """Write the portfolio of each channel, or of all channels."""
    codes = {one.portfolio for one in portfolios}
    known = dict(Portfolio.objects.filter(code__in=codes).values_list("code", "id"))
    channels = channels_of(one.channel for one in portfolios)
    used = set()
    rows = []
    for place, one in enumerate(portfolios):
        where = f"portfolios[{place}]"
        if one.portfolio not in known:
            raise BadContract(_("There is no such portfolio."), field=f"{where}.portfolio")
        channel = channel_id(one.channel, channels, f"{where}.channel")
        if channel in used:
            raise BadContract(_("This is there twice."), field=f"{where}.channel")
        used.add(channel)
        rows.append(
            ContractPortfolio(contract=contract, channel_id=channel, portfolio_id=known[one.portfolio])
        )
    ContractPortfolio.objects.bulk_create(rows)


def write_clauses(contract: Contract, clauses: Sequence[NewClause]) -> None:
    """Write the clauses in words with their numbers in chapter 9."""
    for place, one in enumerate(clauses):
        where = f"clauses[{place}]"
        if not one.heading.strip() or len(one.heading) > MAX_HEADING:
            message = _("Write a heading of 1 to %(max)s characters.") % {"max": MAX_HEADING}
            raise BadContract(message, field=f"{where}.heading")
        if not one.body.strip() or len(one.body) > MAX_CLAUSE_TEXT:
            message = _("Write a text of 1 to %(max)s characters.") % {"max": MAX_CLAUSE_TEXT}
            raise BadContract(message, field=f"{where}.body")
    numbers = number_clauses(Chapter.OTHER, [one.number for one in clauses])
    Clause.objects.bulk_create(
        Clause(contract=contract, number=number, heading=one.heading.strip(), body=one.body.strip())
        for one, number in zip(clauses, numbers, strict=True)
    )
