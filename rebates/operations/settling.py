"""Settle a period: read the facts once, apply the rule to each party, write in ranges of parties.

The statements, postings and cursor of a step commit together: a killed step leaves nothing, and a
repeated one finds its statements. The amount due is in the buyer's rebate wallet at once. What was
recorded late for a settled period is carried into the next one (see late_adjustments).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from accounts.rights import the_system
from jobs.models import Job
from jobs.operations.jobs import Step, job_step
from jobs.operations.outbox import announce_many
from kernel.money import ZERO_MONEY
from ledger.models import Account, Book
from ledger.operations.books import open_books
from ledger.operations.posting import Posting, post_many
from rebates.domain.tiers import Program as Rule
from rebates.domain.tiers import earned
from rebates.domain.tiers_case import read_program
from rebates.models import Settlement, Tally
from rebates.operations.explanations import reasons
from rebates.operations.late_adjustments import NOTHING_STATED, Late, Stated, stated_for
from rebates.operations.settlement_requests import SETTLE, request_due
from rebates.operations.statement_writer import Row, write_statements
from rebates.operations.tally import columns_of, count_bases
from tenancy.context import active_tenant_id

STATEMENTS_A_STEP = 20_000
EXPENSE, WALLET = Account.Kind.REBATE_EXPENSE.value, Account.Kind.REBATE_WALLET.value
SO_FAR_NOTHING = (ZERO_MONEY, ZERO_MONEY)
SoFar = dict[UUID, tuple[Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class Terms:
    """A settlement with the rule that was stored when it was requested."""

    settlement: Settlement
    rule: Rule
    starts_anew: bool


@job_step(SETTLE)
def settle_step(job: Job) -> Step:
    """Count the tally in the first step; settle the next range of parties for all programs in the others."""
    at = datetime.fromisoformat(job.params["at"])
    settlements = _settlements(job)
    if not job.cursor:
        parties = count_bases(job, settlements)
        return Step(done=0, total=parties, cursor={"after": str(UUID(int=0))})
    parties = max(1, STATEMENTS_A_STEP // len(settlements))
    tallies = _next_range(job, UUID(job.cursor["after"]), parties)
    if tallies:
        _settle(settlements, tallies, at=at, by=job.params["by"])
    done = job.done + len(tallies)
    if len(tallies) == parties:
        return Step(done=done, cursor={"after": str(tallies[-1][0])})
    return Step(done=done, result=_finish(job, settlements, at=at))


def _settlements(job: Job) -> list[Settlement]:
    """Return the job's settlements, in the order of its tally's columns."""
    found = Settlement.objects.select_related("program").in_bulk(
        [UUID(one) for one in job.params["settlements"]]
    )
    return [found[UUID(one)] for one in job.params["settlements"]]


def _terms(settlement: Settlement) -> Terms:
    terms = settlement.terms
    rule = read_program({key: terms[key] for key in ("method", "tiers", "cap")}, "")
    return Terms(settlement, rule, terms["starts_anew"])


def _next_range(job: Job, after: UUID, parties: int) -> list[tuple[UUID, list[Decimal | None]]]:
    rows = Tally.objects.filter(job=job, party_id__gt=after).order_by("party_id")
    return list(rows.values_list("party_id", "bases")[:parties])


def _settle(
    settlements: Sequence[Settlement],
    tallies: Sequence[tuple[UUID, list[Decimal | None]]],
    *,
    at: datetime,
    by: str,
) -> None:
    """Compute, post and write the statements of one range of parties for every program."""
    first, last = tallies[0][0], tallies[-1][0]
    late_columns = columns_of(settlements)[len(settlements) :]
    stated = stated_for([column.of for column in late_columns], settlements, first, last)
    rows: list[Row] = []
    for place, settlement in enumerate(settlements):
        one = _terms(settlement)
        so_far = {} if one.starts_anew else _so_far(settlement, first, last)
        earlier = [
            _Earlier(number, column.of, _terms(column.of).rule if one.starts_anew else None)
            for number, column in enumerate(late_columns, len(settlements))
            if column.place == place
        ]
        rows += [
            row
            for party, bases in tallies
            if (row := _row(one, party, bases[place], so_far, _late(party, bases, earlier, stated)))
        ]
    paid = [row for row in rows if row.due]
    books = _books(settlements[0].program.seller_id, {row.party_id for row in paid})
    posted = post_many([_posting(row, books[row.party_id], at, by) for row in paid])
    write_statements(rows, {source: one.journal_id for source, one in posted.items()})


def _so_far(settlement: Settlement, first: UUID, last: UUID) -> SoFar:
    """Return (cumulative base, earned) by party, from its last statement of the program."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (s.party_id) s.party_id, s.cumulative, s.earned"
            " FROM rebates_statement s JOIN rebates_settlement t"
            " ON t.tenant_id = s.tenant_id AND t.id = s.settlement_id"
            " WHERE s.tenant_id = %s AND t.program_id = %s AND t.starts_on < %s"
            " AND s.party_id BETWEEN %s AND %s ORDER BY s.party_id, t.starts_on DESC",
            [active_tenant_id(), settlement.program_id, settlement.starts_on, first, last],
        )
        return {party: (cumulative, settled) for party, cumulative, settled in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The tally's column of an earlier period, and its rule if each settlement starts anew."""

    number: int
    of: Settlement
    rule: Rule | None


def _late(
    party: UUID, bases: Sequence[Decimal | None], earlier: Sequence[_Earlier], stated: Stated
) -> list[Late]:
    """Return the earlier periods whose base differs now from what was stated for the party."""
    found = []
    for one in earlier:
        counts = bases[one.number]
        if counts is None:
            continue
        base, paid = stated.get((one.of.id, party), NOTHING_STATED)
        if counts != base:
            found.append(Late(one.of, counts, base, paid, one.rule))
    return found


def _row(one: Terms, party: UUID, counted: Decimal | None, so_far: SoFar, late: Sequence[Late]) -> Row | None:
    """Return the party's statement; None if it has no base, no late adjustment and no change."""
    if counted is None and not late:
        return None
    base = counted or ZERO_MONEY
    before, settled = so_far.get(party, SO_FAR_NOTHING)
    cumulative = before + base + sum((item.base for item in late if item.rule is None), ZERO_MONEY)
    now = earned(one.rule, cumulative)
    if not base and not late and now == settled:
        return None
    why = reasons(one.rule, before=before, settled=settled, base=base, earned=now, late=late)
    due = now - settled + sum((item.due for item in late), ZERO_MONEY)
    source = f"rebate:{one.settlement.id}:{party}"
    return Row(one.settlement, party, source, base, cumulative, now, due, why, late)


def _books(seller_id: UUID, buyers: set[UUID]) -> dict[UUID, UUID]:
    """Return the buyers' books with this seller, by buyer; open the missing ones."""
    found: dict[UUID, UUID] = dict(
        Book.objects.filter(seller_id=seller_id, buyer_id__in=buyers).values_list("buyer_id", "id")
    )
    opened = open_books([(seller_id, buyer) for buyer in buyers - found.keys()])
    return found | {buyer: book for (_seller, buyer), book in opened.items()}


def _posting(row: Row, book_id: UUID, at: datetime, by: str) -> Posting:
    """Post the amount due from the seller's expense to the buyer's wallet, or back if it is negative."""
    return Posting(
        book_id=book_id,
        kind="rebate",
        source=row.source,
        at=at,
        lines=[(EXPENSE, row.due), (WALLET, -row.due)],
        memo=f"{row.settlement.program.code} {row.settlement.starts_on}",
        posted_by=by,
    )


def _add_up(settlements: Sequence[Settlement], at: datetime) -> None:
    """Write the totals of each settlement's statements and mark it settled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rebates_settlement t SET settled_at = %(at)s, parties = s.parties, due = s.due"
            " FROM (SELECT w.id, count(e.id) AS parties, coalesce(sum(e.due), 0) AS due"
            " FROM unnest(%(ids)s::uuid[]) AS w(id) LEFT JOIN rebates_statement e"
            " ON e.tenant_id = %(tenant)s AND e.settlement_id = w.id GROUP BY w.id) s"
            " WHERE t.tenant_id = %(tenant)s AND t.id = s.id",
            {"at": at, "ids": [str(one.id) for one in settlements], "tenant": active_tenant_id()},
        )


def _finish(job: Job, settlements: Sequence[Settlement], *, at: datetime) -> dict[str, Any]:
    """Total the periods, mark them settled, announce them and request the periods that follow."""
    Tally.objects.filter(job=job).delete()
    mine = Settlement.objects.filter(id__in=[one.id for one in settlements])
    _add_up(settlements, at)
    announce_many("rebates.settled", [{"settlement_id": str(one.id)} for one in settlements], at=at)
    request_due(by=the_system(), at=at, programs=[one.program for one in settlements])
    sums = mine.aggregate(statements=Sum("parties"), due=Sum("due"))
    return {"statements": sums["statements"], "due": str(sums["due"])}
