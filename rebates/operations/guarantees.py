"""Book what broken guarantees owe: measure a month and post its breaches to the members' wallets.

A breach is booked when a person has decided it, or without a decision if the contract allows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, the_system
from alliance.models import Breach
from alliance.operations.breach_booking import PayableShare, lock_payable, mark_booked, release_undisputed
from alliance.operations.guarantee_events import close_month
from alliance.operations.measurement import measure_month
from alliance.operations.term_events import record_month_of_terms
from audit.operations.recording import record, record_many
from jobs.models import Job
from jobs.operations.jobs import Step, job_step, request_job
from jobs.operations.outbox import on
from kernel.money import ZERO_MONEY
from kernel.periods import months_after
from ledger.models import Account
from ledger.operations.books import open_books
from ledger.operations.posting import Posting, post_many
from ordering.operations.region_deliveries import hand_down_month
from rebates.audit_actions import GuaranteeAction
from rebates.operations.settlement_requests import NotDue
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

BOOK = "rebates.book_guarantees"
LATE_MONTHS = 2
EXPENSE, WALLET = Account.Kind.GUARANTEE_EXPENSE.value, Account.Kind.GUARANTEE_WALLET.value


@dataclass(frozen=True, slots=True)
class Booked:
    """The numbers of guarantees measured and of shares of breaches booked, and the amount posted for them."""

    measured: int
    booked: int
    amount: Decimal


def book_month(*, month: date, at: datetime) -> Booked:
    """Measure a month and post what is payable of its breaches and not booked yet.

    It is posted from the expense of each side that owes a share to the member's wallet with it. It is safe
    to repeat: a later measurement is posted as a difference. Region guarantees are measured by the month's
    deliveries of others, term guarantees by what
    happened to contracts; a month that has passed without an event counts as met.
    """
    first = month.replace(day=1)
    with joined_transaction():
        hand_down_month(month=first, at=at)
        record_month_of_terms(month=first, at=at)
        close_month(month=first, at=at)
        measured = measure_month(month=first, at=at)
        return _book(measured, since=first, until=months_after(first, 1), at=at)


def book_earlier(*, until: date, at: datetime) -> Booked:
    """Post the differences of earlier months, which a late delivery or return had measured again."""
    with joined_transaction():
        return _book(0, since=date.min, until=until, at=at)


def book_breach(*, breach_id: UUID, at: datetime) -> Booked:
    """Post what a decision made payable."""
    with joined_transaction():
        return _book(0, since=date.min, until=date.max, at=at, breach_id=breach_id)


def book_undisputed(*, by: Actor, at: datetime) -> Booked:
    """Post the small breaches that nobody contested in time, and what else is payable; by schedule."""
    with joined_transaction():
        return _book(0, since=date.min, until=date.max, at=at, by=by)


def _book(
    measured: int,
    *,
    since: date,
    until: date,
    at: datetime,
    breach_id: UUID | None = None,
    by: Actor | None = None,
) -> Booked:
    release_undisputed(today=day_of_tenant(at))
    owed = lock_payable(since=since, until=until, breach_id=breach_id)
    if not owed:
        return Booked(measured, 0, ZERO_MONEY)
    books = open_books([(one.debtor_id, one.member_id) for one in owed])
    post_many([_posting(one, books[one.debtor_id, one.member_id], at) for one in owed])
    mark_booked(share_ids=[one.id for one in owed])
    entries = [((Breach, one.breach_id), {"amount": str(one.difference), "side": one.role}) for one in owed]
    record_many(GuaranteeAction.BOOK, entries, by=by or the_system(), at=at)
    return Booked(measured, len(owed), sum((one.difference for one in owed), ZERO_MONEY))


def _posting(one: PayableShare, book_id: UUID, at: datetime) -> Posting:
    of_side = "" if one.role == "dealer" else f":{one.role}"
    return Posting(
        book_id=book_id,
        kind="guarantee",
        source=f"guarantee:{one.contract_id}:{one.kind}:{one.month:%Y-%m}:{one.seq}{of_side}",
        at=at,
        lines=[(EXPENSE, one.difference), (WALLET, -one.difference)],
        memo=f"{one.code} {one.kind} {one.month:%Y-%m}",
    )


def request_booking(*, month: date, by: Actor, at: datetime) -> Job:
    """Return the job that books a past month, once, and the late differences of the months before it.

    Raises NotDue if the month has not passed.
    """
    by.must("rebate.settle")
    first = month.replace(day=1)
    if months_after(first, 1) > day_of_tenant(at):
        raise NotDue(_("This month has not passed."), field="month")
    with joined_transaction():
        job = request_job(BOOK, {"at": at.isoformat()}, period=f"{first:%Y-%m}", by=by.user_id)
        if job.is_new:
            record(GuaranteeAction.REQUEST_BOOKING, job, by=by, at=at, period=job.period)
    return job


def request_last_booking(*, by: Actor, at: datetime) -> Job:
    """Request the booking of the last complete month."""
    return request_booking(month=months_after(day_of_tenant(at).replace(day=1), -1), by=by, at=at)


@job_step(BOOK)
def book_step(job: Job) -> Step:
    """Book one month per step, oldest first; the first step also books differences of earlier months."""
    last = date.fromisoformat(f"{job.period}-01")
    months = [months_after(last, -back) for back in range(LATE_MONTHS, -1, -1)]
    number = int(job.cursor.get("next", 0))
    at, result = datetime.fromisoformat(job.params["at"]), dict[str, Any]()
    if not number and (earlier := book_earlier(until=months[0], at=at)).booked:
        result["earlier"] = str(earlier.amount)
    result[f"{months[number]:%Y-%m}"] = str(book_month(month=months[number], at=at).amount)
    following = {"next": number + 1} if number + 1 < len(months) else None
    return Step(done=number + 1, total=len(months), cursor=following, result=result)


@on("breach.decided")
def book_decided(body: dict[str, Any], at: datetime) -> None:
    """Book what a decision made payable."""
    book_breach(breach_id=UUID(body["breach_id"]), at=at)
