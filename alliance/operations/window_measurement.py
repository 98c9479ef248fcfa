"""Operations that measure the guarantees of a window: minimum income, visits, answers, replacements.

A window that has ended is evidence of its last day. Evidence is never edited: if a later fact changes the
result, a correction with the difference follows the first entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from alliance.domain.minimum_income import top_up_of
from alliance.domain.service_windows import Judged, Promise, Span, answered, counted, target_in, window_of
from alliance.models.terms import KIND_OF_METRIC, Metric
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.queries.window_facts import Facts, Recorded, Version, WindowTerms, facts_of, recorded, terms_of
from kernel.cases import plain
from kernel.money import ZERO, ZERO_MONEY, cents

TIMED = {Metric.ANSWER_HOURS, Metric.REPLACEMENT_DAYS}


@dataclass(frozen=True, slots=True)
class _Result:
    """What a window amounts to, with the version in force on its last day."""

    version: Version
    judged: Judged
    facts: dict[str, Any]


def measure_windows(*, month: date, today: date, contract_id: UUID | None = None) -> set[date]:
    """Write the evidence of the ended windows with a day in the month; return the months written to.

    A surplus that is carried changes the later windows, so those are measured too. What has no facts is
    not measured. A repeated call writes nothing. At most eight statements for any number of contracts.
    """
    terms = terms_of(month=month, contract_id=contract_id)
    spans = {one: list(_spans(one, month, today)) for one in terms}
    due = {one: found for one, found in spans.items() if found}
    if not due:
        return set()
    since = min(one.first if one.cumulative else found[0].start for one, found in due.items())
    until = max(found[-1].until for found in due.values())
    facts = facts_of(since=since, until=until, codes=sorted({one.code for one in due}), terms=due)
    earlier = recorded(since=since, until=until, contract_id=contract_id)
    rows = [row for one, found in due.items() for row in _evidence(one, found, facts, earlier)]
    return {row.on.replace(day=1) for row in rows} if record_evidence(rows) else set()


def _spans(terms: WindowTerms, month: date, today: date) -> Iterator[Span]:
    """Return the ended windows to measure, cut to the days of the contract."""
    full_term = Span(terms.first, terms.until)
    window = window_of(month, terms.window)
    while (span := window.within(full_term)).days and span.until <= today:
        yield span
        if not terms.cumulative:
            return
        window = window_of(window.until, terms.window)


def _evidence(
    terms: WindowTerms, spans: Sequence[Span], facts: Facts, earlier: Mapping[str, Recorded]
) -> Iterator[NewEvidence]:
    kind = KIND_OF_METRIC[Metric(terms.metric)]
    carried = _carried_into(terms, spans[0], facts)
    for span in spans:
        result, carried = _result(terms, span, facts, carried)
        if result is None:
            continue
        source = f"window:{terms.code}:{terms.metric}:{terms.category_id or '-'}:{span.start}"
        on = span.until - timedelta(days=1)
        first = earlier.get(source)
        if first is None:
            yield NewEvidence(
                result.version.id,
                kind,
                source,
                on,
                result.judged.fulfilled,
                result.judged.owed,
                result.facts,
            )
        elif (change := _correction(source, on, kind, first, result)) is not None:
            yield change


def _correction(source: str, on: date, kind: str, first: Recorded, result: _Result) -> NewEvidence | None:
    """Return the difference to what was recorded before, or None if nothing changed."""
    judged = result.judged
    difference = judged.owed - first.owed
    if not difference and judged.fulfilled is first.fulfilled:
        return None
    turned = (
        {} if judged.fulfilled is first.fulfilled else {"turned": "met" if judged.fulfilled else "broken"}
    )
    facts = result.facts | {"corrects": source} | turned
    is_worse = not judged.fulfilled and first.fulfilled
    return NewEvidence(
        first.contract_id, kind, f"{source}:{first.entries}", on, not is_worse, difference, facts
    )


def _result(terms: WindowTerms, span: Span, facts: Facts, carried: Decimal) -> tuple[_Result | None, Decimal]:
    """Return the result of a window, None without facts, and the surplus for the next one."""
    versions = [one for one in terms.versions if one.term.within(span).days]
    if not versions:
        return None, carried
    last = versions[-1]
    target = target_in(
        window_of(span.start, terms.window), [Promise(one.term, one.target) for one in versions]
    )
    common = {
        "window": [span.start.isoformat(), (span.until - timedelta(days=1)).isoformat()],
        "metric": terms.metric,
        "clause": last.clause,
    }
    if terms.metric == Metric.MINIMUM_INCOME:
        if not facts.has_income(terms):
            return None, carried
        guaranteed, earned = cents(target), facts.income(terms, span)
        period = top_up_of(guaranteed, earned, carried_in=carried, cumulative=terms.cumulative)
        judged = Judged(not period.top_up, period.top_up, period.top_up or ZERO_MONEY)
        more = {"target": plain(guaranteed), "actual": plain(cents(earned)), "carried": plain(cents(carried))}
        return _Result(last, judged, common | more), period.carried_out
    service = facts.service(terms, span)
    if not service.reports:
        return None, carried
    if terms.metric in TIMED:
        judged = answered(service.late, last.owed_per_event)
        more = {
            "target": plain(last.target.normalize()),
            "events": str(service.reports),
            "late": str(service.late),
        }
    else:
        judged = counted(target, Decimal(service.quantity), last.owed_per_event)
        more = {"target": plain(target.quantize(Decimal("0.01"))), "actual": str(service.quantity)}
    return _Result(last, judged, common | more | {"missing": plain(judged.missing)}), carried


def _carried_into(terms: WindowTerms, span: Span, facts: Facts) -> Decimal:
    """Return the surplus of the windows before this one, from the first day of the contract."""
    carried = ZERO
    if not terms.cumulative:
        return carried
    full_term = Span(terms.first, terms.until)
    window = window_of(terms.first, terms.window)
    while window.within(full_term).start < span.start:
        _result_before, carried = _result(terms, window.within(full_term), facts, carried)
        window = window_of(window.until, terms.window)
    return carried
