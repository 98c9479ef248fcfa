"""Queries of contracts, guarantees and evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Exists, Max, OuterRef, Q, QuerySet, Sum, When

from accounts.rights import MANUFACTURER, Actor
from alliance.domain.clause_numbers import read_citation
from alliance.domain.contract_clauses import NumberedClause, find_clause
from alliance.models import (
    Contract,
    ContractArea,
    Evidence,
    GuaranteeMonth,
    GuaranteeTerm,
    Signature,
    SpreadTerm,
)
from alliance.models.guarantee import GuaranteeKind
from alliance.models.terms import KIND_OF_METRIC
from alliance.queries.price_impact import MemberPrice as MemberPrice
from alliance.queries.price_impact import SpreadImpact as SpreadImpact
from alliance.queries.price_impact import advice_impact as advice_impact
from alliance.queries.price_impact import spread_impact as spread_impact
from alliance.queries.price_impact import spread_impact_by_group as spread_impact_by_group
from approvals.audit_actions import ApprovalAction
from audit.models import AuditEntry
from audit.queries import trail
from kernel.periods import months_after
from tenancy.context import active_tenant_id
from ui.queries.search import SearchResult, rows_by_tokens

# A guarantee of a contract in a month: measured at all, kept in all of its measurements, or broken in one.
MEASURED = Q(measured__gt=0) | Q(broken__gt=0)
FULFILLED = Q(measured__gt=0, broken=0)
BROKEN = Q(broken__gt=0)


@dataclass(frozen=True, slots=True)
class ContractInForce:
    """A contract in force. `until` is exclusive; without `delivery_hours` no delivery time is promised."""

    id: UUID
    code: str
    starts_on: date
    until: date
    delivery_hours: int | None
    late_fee: Decimal


def contract_in_force(
    *, seller_id: UUID, buyer_id: UUID, on: date, contract_id: UUID | None = None
) -> ContractInForce | None:
    """Return the active contract of a member (the buyer) with a dealer (the seller) on a day.

    With `contract_id` return only that contract, or None if it is not in force. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM contract_in_force(%s, %s, %s, %s, %s)",
            [active_tenant_id(), seller_id, buyer_id, on, contract_id],
        )
        row = cursor.fetchone()
    return None if row is None else ContractInForce(*row)


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause of a contract that was submitted or signed, found by its citation."""

    contract: Contract
    clause: NumberedClause


def clause(citation: str, actor: Actor) -> CitedClause | None:
    """Return the clause cited as “C-0007/3.2”, or “C-0007 v2/3.2” of a version, or None.

    Without a version it is of the newest one in force, otherwise of the newest one that has a text.
    """
    cited = read_citation(citation)
    if cited is None:
        return None
    code, version, number = cited
    rows = Contract.objects.visible_to(actor).filter(code=code).exclude(digest="")
    if version is not None:
        rows = rows.filter(version=version)
    in_force = Case(When(state=Contract.State.ACTIVE, then=0), default=1)
    contract = rows.order_by(in_force, "-version").first()
    found = find_clause(contract.text, number) if contract is not None else None
    return None if found is None else CitedClause(contract, found)


def history_of(contract_id: UUID, actor: Actor) -> QuerySet[AuditEntry]:
    """Return the audit trail of a contract, oldest first. One statement.

    What the manufacturer's people approve or reject among themselves is not for the partners.
    """
    entries = trail((Contract, contract_id))
    if actor.party_kind == MANUFACTURER:
        return entries
    return entries.exclude(action__in=ApprovalAction.values)


def last_measured_month(actor: Actor) -> date | None:
    """Return the last month with a measurement of a contract that the actor may see."""
    months = GuaranteeMonth.objects.visible_to(actor).order_by("-month").values_list("month", flat=True)
    found: date | None = months.first()
    return found


def measured_months(actor: Actor, *, limit: int = 12) -> list[date]:
    """Return the months with a measurement, the newest first."""
    months = GuaranteeMonth.objects.visible_to(actor).order_by("-month").values_list("month", flat=True)
    return list(months.distinct()[:limit])


def measured_in(contract_ids: Sequence[UUID], month: date) -> dict[UUID, dict[str, GuaranteeMonth]]:
    """Return the results of a month by contract and kind; an absent kind could not be measured."""
    found: dict[UUID, dict[str, GuaranteeMonth]] = defaultdict(dict)
    for row in GuaranteeMonth.objects.filter(contract_id__in=contract_ids, month=month):
        found[row.contract_id][row.kind] = row
    return found


def places_of(contract_ids: Sequence[UUID]) -> dict[UUID, list[ContractArea]]:
    """Return the guaranteed regions of each contract, with region and category, by category."""
    found: dict[UUID, list[ContractArea]] = defaultdict(list)
    rows = ContractArea.objects.filter(contract_id__in=contract_ids).select_related(
        "category", "region", "channel"
    )
    for row in rows.order_by("category__code", "region_id", "channel__code"):
        found[row.contract_id].append(row)
    return found


def signatures_of(contracts: Sequence[Contract]) -> dict[UUID, set[UUID]]:
    """Return the parties of each contract that have signed the present text."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    digests = {one.id: one.digest for one in contracts if one.digest}
    rows = Signature.objects.filter(contract_id__in=digests)
    for contract_id, party_id, digest in rows.values_list("contract_id", "party_id", "digest"):
        if digest == digests[contract_id]:
            found[contract_id].add(party_id)
    return found


@dataclass(frozen=True, slots=True)
class GuaranteeResult:
    """The number of contracts that fulfilled, broke or could not be measured by a guarantee in a month."""

    kind: str
    fulfilled: int
    broken: int
    unmeasured: int
    owed: Decimal
    booked: Decimal

    @property
    def promised(self) -> int:
        return self.fulfilled + self.broken + self.unmeasured


def results_in(actor: Actor, month: date) -> list[GuaranteeResult]:
    """Return the results of a month over all contracts that the actor may see. Two statements.

    Unmeasured contracts are those in force in the month that promise the guarantee and have no
    evidence for it.
    """
    measured = {
        row["kind"]: row
        for row in GuaranteeMonth.objects.visible_to(actor)
        .filter(month=month)
        .order_by()
        .values("kind")
        .annotate(
            fulfilled=Count("id", filter=FULFILLED),
            worse=Count("id", filter=BROKEN),
            money=Sum("owed"),
            posted=Sum("booked"),
        )
    }
    promised = _promising(actor, month)
    found = []
    for kind in GuaranteeKind.values:
        row = measured.get(kind, {})
        fulfilled, broken = row.get("fulfilled", 0), row.get("worse", 0)
        unmeasured = max(0, promised[kind] - fulfilled - broken)
        owed, booked = row.get("money") or Decimal(0), row.get("posted") or Decimal(0)
        found.append(GuaranteeResult(kind, fulfilled, broken, unmeasured, owed, booked))
    return found


def _promising(actor: Actor, month: date) -> dict[str, int]:
    held = Contract.objects.visible_to(actor).filter(
        state__in=(Contract.State.ACTIVE, Contract.State.ENDED),
        starts_on__lt=months_after(month, 1),
        until__gt=month,
    )
    of_it = {"contract_id": OuterRef("id")}
    service = [one for one, kind in KIND_OF_METRIC.items() if kind == GuaranteeKind.SERVICE]
    by_window = GuaranteeTerm.objects.filter(**of_it, metric__in=service)
    found: dict[str, int] = held.aggregate(
        term=Count("code", distinct=True),
        service=Count("code", distinct=True, filter=Q(delivery_hours__isnull=False) | Q(Exists(by_window))),
        spread=Count("code", distinct=True, filter=Exists(SpreadTerm.objects.filter(**of_it))),
        region=Count("code", distinct=True, filter=Exists(ContractArea.objects.filter(**of_it))),
    )
    return found


def evidence_in(
    contract_id: UUID, *, kind: str = "", month: date | None = None, max_rows: int = 200
) -> QuerySet[Evidence]:
    """Return the evidence of a contract, in all its versions: broken guarantees first, then the newest.

    `max_rows` at most.
    """
    code = Contract.objects.filter(id=contract_id).values("code")
    rows = Evidence.objects.filter(contract__code__in=code)
    if kind:
        rows = rows.filter(kind=kind)
    if month is not None:
        rows = rows.filter(on__gte=month, on__lt=months_after(month, 1))
    found: QuerySet[Evidence] = rows.order_by("fulfilled", "-on", "-id")[:max_rows]
    return found


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """The figures of a member's last measured month: units bought of each product, and deliveries."""

    month: date
    units: dict[str, int]
    deliveries: int
    late: int


def own_figures(member_id: UUID, *, by: Actor) -> OwnFigures | None:
    """Return the figures of a member's last measured month, or None. Two statements.

    A dealer's figures cover its own contracts with the member only.
    """
    months = GuaranteeMonth.objects.visible_to(by).filter(contract__member_id=member_id)
    last = months.aggregate(last=Max("month"))["last"]
    if last is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.facts ->> 'product', coalesce(sum((e.facts ->> 'qty')::int)"
            "  FILTER (WHERE e.kind = 'spread'), 0),"
            " count(*) FILTER (WHERE e.kind = 'service'),"
            " count(*) FILTER (WHERE e.kind = 'service' AND NOT e.fulfilled)"
            " FROM alliance_evidence e JOIN alliance_contract c"
            "  ON c.tenant_id = e.tenant_id AND c.id = e.contract_id"
            ' WHERE e.tenant_id = %s AND c.member_id = %s AND e."on" >= %s AND e."on" < %s'
            " AND (c.dealer_id = %s OR %s) GROUP BY 1",
            [
                active_tenant_id(),
                member_id,
                last,
                months_after(last, 1),
                by.party_id,
                by.party_kind == MANUFACTURER or by.party_id == member_id,
            ],
        )
        rows = cursor.fetchall()
    units = {product: int(qty) for product, qty, _count, _late in rows if product}
    return OwnFigures(last, units, sum(row[2] for row in rows), sum(row[3] for row in rows))


def find_contracts(actor: Actor, text: str, limit: int) -> list[SearchResult]:
    """Return the contracts that match the text of the global search."""

    def visible() -> QuerySet[Contract]:
        rows: QuerySet[Contract] = Contract.objects.visible_to(actor).select_related("member")
        return rows

    return [
        SearchResult(one.id, str(one), str(one.member), (one.code, str(one)))
        for one in rows_by_tokens("contract", visible, text, limit)
    ]
