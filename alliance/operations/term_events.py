"""The operation that measures the term guarantee by what happened to contracts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from alliance.domain.average_income import average_income, full_months
from alliance.domain.term_events import TermEvent, is_met
from alliance.models import Contract, GuaranteeKind, GuaranteeTerm
from alliance.operations.guarantee_events import GuaranteeEvent, record_events
from alliance.queries.life import term_events
from kernel.cases import plain
from kernel.money import ZERO_MONEY, exact
from kernel.periods import months_after
from tenancy.context import active_tenant_id


def record_month_of_terms(*, month: date, at: datetime) -> int:
    """Record what happened to contracts in a month; return the number of new rows."""
    events = term_events(first=month, until=months_after(month, 1))
    return record_term_events(events, at=at, measure=False)


def record_term_events(events: Sequence[TermEvent], *, at: datetime, measure: bool = True) -> int:
    """Record what happened to contracts as evidence of their term guarantees; return the number of new rows.

    An event whose contract has no such term is left out. A broken one owes its sum and, if the term says so,
    months of the member's average income; both at most the monthly cap. Constant number of statements.
    """
    terms = _terms(events)
    known = [one for one in events if (one.contract_id, one.metric) in terms]
    if not known:
        return 0
    contracts = Contract.objects.in_bulk({one.contract_id for one in known})
    owing = {one.contract_id for one in known if terms[one.contract_id, one.metric].months_of_income}
    income = _income([contracts[one] for one in owing])
    found = []
    for event in known:
        term, contract = terms[event.contract_id, event.metric], contracts[event.contract_id]
        met = is_met(event, target=term.target)
        months = full_months(starts_on=_first_day(contract, income), ended_on=event.on)
        average = average_income(income.get(contract.code, {}), months)
        found.append(
            GuaranteeEvent(
                contract_id=contract.id,
                term_id=term.id,
                kind=GuaranteeKind.TERM,
                source=f"term:{contract.id}:{event.metric}:{event.on:%Y-%m-%d}",
                on=event.on,
                fulfilled=met,
                owed=ZERO_MONEY if met else _owed(term, average),
                facts={
                    "clause": term.clause,
                    "metric": event.metric,
                    "notice_days": event.notice_days,
                    "target": None if term.target is None else plain(term.target),
                    "months_of_income": term.months_of_income,
                    "average_income": plain(average),
                    "months": len(months),
                },
            )
        )
    return record_events(found, at=at, measure=measure)


@exact
def _owed(term: GuaranteeTerm, average: Decimal) -> Decimal:
    return Decimal(term.owed_per_event + term.months_of_income * average)


def _terms(events: Sequence[TermEvent]) -> dict[tuple[UUID, str], GuaranteeTerm]:
    wanted = {one.contract_id for one in events}
    rows = GuaranteeTerm.objects.filter(contract_id__in=wanted, metric__in={one.metric for one in events})
    return {(row.contract_id, row.metric): row for row in rows.order_by("category_id")}


def _first_day(contract: Contract, income: dict[str, dict[date, Decimal]]) -> date:
    """Return the day from which the member may have had an income: that of the first version with one."""
    return min([contract.starts_on, *income.get(contract.code, {})])


def _income(contracts: Sequence[Contract]) -> dict[str, dict[date, Decimal]]:
    """Return Σ spread × units by contract code and month, over all versions. One statement."""
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    if not contracts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.code, date_trunc('month', e.\"on\")::date,"
            " sum((e.facts ->> 'spread')::numeric * (e.facts ->> 'qty')::numeric)"
            " FROM alliance_contract c JOIN alliance_evidence e"
            "  ON e.tenant_id = c.tenant_id AND e.contract_id = c.id AND e.kind = 'spread'"
            " WHERE c.tenant_id = %s AND c.code = ANY(%s) AND e.facts ? 'spread' GROUP BY 1, 2",
            [active_tenant_id(), sorted({one.code for one in contracts})],
        )
        for code, month, amount in cursor.fetchall():
            found[code][month] = amount
    return found
