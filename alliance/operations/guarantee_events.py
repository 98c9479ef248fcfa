"""Operations that record events of a guarantee, each owing a sum with a monthly cap, and months without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncMonth

from alliance.domain.event_sums import owed_for_event
from alliance.models import Contract, Evidence, GuaranteeKind, GuaranteeTerm
from alliance.models.terms import KIND_OF_METRIC
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from kernel.money import ZERO_MONEY
from kernel.periods import months_after
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

CLOSED_KINDS = (GuaranteeKind.REGION, GuaranteeKind.TERM)
SIGNED = (Contract.State.ACTIVE, Contract.State.ENDED)


@dataclass(frozen=True, slots=True)
class GuaranteeEvent:
    """Something that fulfilled or broke the guarantee of a term on a day.

    `owed` is due before the monthly cap of the term. `source` is unique in the tenant.
    """

    contract_id: UUID
    term_id: UUID
    kind: str
    source: str
    on: date
    fulfilled: bool
    owed: Decimal = ZERO_MONEY
    facts: Mapping[str, Any] = field(default_factory=dict)


def record_events(events: Sequence[GuaranteeEvent], *, at: datetime, measure: bool = True) -> int:
    """Record the events whose source is new; return their number.

    The terms are locked, so that two concurrent calls do not both use up the cap of a month. With `measure`
    the past months concerned are measured again for their contracts.
    """
    if not events:
        return 0
    with joined_transaction():
        caps = _lock_terms({one.term_id for one in events})
        sources = [one.source for one in events]
        known = set(Evidence.objects.filter(source__in=sources).values_list("source", flat=True))
        fresh = {one.source: one for one in events if one.source not in known}
        owed = _owed_so_far(fresh.values())
        rows = []
        for one in sorted(fresh.values(), key=lambda event: (event.on, event.source)):
            month = (str(one.term_id), one.on.replace(day=1))
            amount = owed_for_event(one.owed, cap=caps[one.term_id], owed_before=owed[month])
            owed[month] += amount
            facts = {"term": str(one.term_id), **one.facts}
            rows.append(
                NewEvidence(one.contract_id, one.kind, one.source, one.on, one.fulfilled, amount, facts)
            )
        recorded = record_evidence(rows)
        if measure:
            this_month = day_of_tenant(at).replace(day=1)
            past = {(row.on.replace(day=1), row.contract_id) for row in rows}
            for month_first, contract_id in sorted(past):
                if month_first < this_month:
                    measure_month(month=month_first, at=at, contract_id=contract_id)
    return recorded


def close_month(*, month: date, at: datetime) -> int:
    """Record for a past month that no event broke a region or term guarantee; return the number of rows.

    Contracts in force in the month whose guarantee is measured by events get one fulfilled row for each kind
    without any event. A month that has not passed gets none; a repeated call writes nothing.
    """
    first = month.replace(day=1)
    until = months_after(first, 1)
    if until > day_of_tenant(at):
        return 0
    rows = []
    for kind in CLOSED_KINDS:
        metrics = [metric for metric, of_kind in KIND_OF_METRIC.items() if of_kind == kind]
        terms = GuaranteeTerm.objects.filter(contract_id=OuterRef("id"), metric__in=metrics)
        events = Evidence.objects.filter(contract_id=OuterRef("id"), kind=kind, on__gte=first, on__lt=until)
        quiet = Contract.objects.filter(
            Exists(terms), ~Exists(events), state__in=SIGNED, starts_on__lt=until, until__gt=first
        )
        for contract_id, ends in quiet.order_by("id").values_list("id", "until"):
            on = min(ends, until) - timedelta(days=1)
            source = f"{kind}:{contract_id}:{first:%Y-%m}:quiet"
            rows.append(NewEvidence(contract_id, kind, source, on, True, facts={"quiet": f"{first:%Y-%m}"}))
    with joined_transaction():
        return record_evidence(rows)


def _lock_terms(term_ids: Iterable[UUID]) -> dict[UUID, Decimal | None]:
    """Lock the terms in the order of their ids; return the monthly cap of each."""
    rows = GuaranteeTerm.objects.select_for_update(no_key=True).filter(id__in=list(term_ids)).order_by("id")
    return dict(rows.values_list("id", "monthly_cap"))


def _owed_so_far(events: Iterable[GuaranteeEvent]) -> defaultdict[tuple[str, date], Decimal]:
    """Return what earlier events owe, by term and month."""
    found: defaultdict[tuple[str, date], Decimal] = defaultdict(lambda: ZERO_MONEY)
    days = [one.on.replace(day=1) for one in events]
    if not days:
        return found
    rows = Evidence.objects.filter(
        contract_id__in={one.contract_id for one in events},
        kind__in={one.kind for one in events},
        on__gte=min(days),
        on__lt=months_after(max(days), 1),
    )
    of_term = rows.annotate(term=KeyTextTransform("term", "facts"), month=TruncMonth("on"))
    for term, month, owed in of_term.order_by().values_list("term", "month").annotate(sum=Sum("owed")):
        found[term, month] = owed
    return found
