"""Request settlements. The row of a settlement is the claim: one period has one job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain, takewhile
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import MANUFACTURER, Actor
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.models import Job
from jobs.operations.jobs import request_job
from kernel.periods import Period
from kernel.refusals import Refusal
from rebates.audit_actions import SettlementAction
from rebates.models import Program, Settlement
from rebates.operations.programs import program_now
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

SETTLE = "rebates.settle"
APPROVE_SETTLEMENT = "rebates.settlement"
PERIOD = gettext_noop("Period settled and paid")
SETTLED_STATES = (Program.State.ACTIVE, Program.State.ENDED)


class NotDue(Refusal):
    code = "not_due"


class EarlierPeriodOpen(Refusal):
    code = "wrong_state"


class ProgramIsDraft(Refusal):
    code = "wrong_state"


def request_settlement(*, program: Program, starts_on: date, by: Actor, at: datetime) -> Job | Approval:
    """Return the job that settles one period of a program, or the approval for which it waits.

    A repeated request returns the same.

    Raises ProgramIsDraft, NotDue (no period starts on that day, or it has not passed) and
    EarlierPeriodOpen (periods are settled in order, because each one builds on those before).
    """
    by.must("rebate.settle")
    if program.state not in SETTLED_STATES:
        raise ProgramIsDraft(_("This program is a draft."), field="program")
    today = day_of_tenant(at)
    periods = list(_past(program, today))
    period = next((one for one in periods if one.from_ == starts_on), None)
    if period is None:
        raise NotDue(_("No full, past period of this program starts on this day."), field="starts_on")
    settled = {day for day, done in _claims([program])[program.id].items() if done}
    earlier = takewhile(lambda one: one.from_ != starts_on, periods)
    if any(one.from_ not in settled for one in earlier):
        raise EarlierPeriodOpen(_("An earlier period of this program is still open."), field="starts_on")
    with joined_transaction():
        return _claim_or_wait([program], period, by=by, at=at)


def request_due(
    *, by: Actor, at: datetime, programs: Iterable[Program] | None = None
) -> list[Job | Approval]:
    """Return jobs that settle the next due period of each program, or the approvals for which they wait.

    The schedule waits for nobody: two people have approved the program.

    One job settles a period that several programs of a seller share, and reads the facts once. A job
    that ends requests the following periods, so that one request settles all arrears.
    """
    by.must("rebate.settle")
    today = day_of_tenant(at)
    chosen = Program.objects.filter(state__in=SETTLED_STATES) if programs is None else programs
    due: dict[tuple[UUID, Period], list[Program]] = defaultdict(list)
    chosen = list(chosen)
    claims = _claims(chosen)
    for program in chosen:
        claimed = claims[program.id]
        period = next((one for one in _past(program, today) if one.from_ not in claimed), None)
        if period is not None and all(claimed.values()):
            due[program.seller_id, period].append(program)
    with joined_transaction():
        return [_claim_or_wait(group, period, by=by, at=at) for (_, period), group in _in_order(due)]


def apply_settlement(values: dict[str, Any], *, by: Actor, at: datetime) -> Job:
    """Start the job of an approved settlement."""
    by.must("rebate.settle")
    programs = list(Program.objects.filter(id__in=values["programs"]))
    starts_on, until = (date.fromisoformat(values[name]) for name in ("starts_on", "until"))
    with joined_transaction():
        return _claim(programs, Period(starts_on, until), by=by, at=at)


def settlement_now(values: dict[str, Any]) -> list[Any]:
    """Lock the programs of a settlement and return their terms as JSON."""
    return [program_now({"program_id": one}) for one in values["programs"]]


def _in_order(
    due: dict[tuple[UUID, Period], list[Program]],
) -> list[tuple[tuple[UUID, Period], list[Program]]]:
    """Sort by seller and period: all schedulers claim in one order, so that they cannot deadlock."""
    return sorted(due.items(), key=lambda item: (item[0][0], item[0][1].from_, item[0][1].until))


def _past(program: Program, today: date) -> Iterable[Period]:
    """Yield the periods that have passed; the closing one follows the last of the term."""
    periods = chain(program.periods(), (program.closing(),))
    return takewhile(lambda period: period.until is not None and period.until <= today, periods)


def _claims(programs: Sequence[Program]) -> dict[UUID, dict[date, bool]]:
    """Return the claimed periods of each program by their first day; True if settled."""
    found: dict[UUID, dict[date, bool]] = {program.id: {} for program in programs}
    rows = Settlement.objects.filter(program__in=list(found))
    for program_id, starts_on, settled_at in rows.values_list("program_id", "starts_on", "settled_at"):
        found[program_id][starts_on] = settled_at is not None
    return found


def _claim_or_wait(programs: Sequence[Program], period: Period, *, by: Actor, at: datetime) -> Job | Approval:
    ordered = sorted(programs, key=lambda program: program.id)
    values = {
        "programs": [str(program.id) for program in ordered],
        "starts_on": str(period.from_),
        "until": str(period.until),
    }
    if not Settlement.objects.filter(program__in=ordered, starts_on=period.from_).exists():
        codes = ", ".join(program.code for program in ordered)
        waiting = request_approval(
            APPROVE_SETTLEMENT,
            ordered[0],
            key=f"{ordered[0].id}:{period.from_}",
            title=f"{codes} · {period.from_}",
            values=values,
            changes=[FieldChange(PERIOD, "—", f"{program.name} {_days_of(period)}") for program in ordered],
            by=by,
            at=at,
        )
        if waiting is not None:
            return waiting
    return _claim(programs, period, by=by, at=at)


def _days_of(period: Period) -> str:
    """Return the first and the last day of a period."""
    assert period.until is not None
    return f"{period.from_} – {period.until - timedelta(days=1)}"


def _claim(programs: Sequence[Program], period: Period, *, by: Actor, at: datetime) -> Job:
    """Return one job for the programs whose period is unclaimed, or the job that has claimed it."""
    assert period.from_ is not None
    assert period.until is not None
    rows = [
        Settlement(
            program=program,
            starts_on=period.from_,
            until=period.until,
            terms={
                **program.terms(),
                "measure": program.measure,
                "starts_anew": program.starts_anew,
                "audience_kind": program.audience_kind,
                "audience_value": program.audience_value,
            },
        )
        for program in sorted(programs, key=lambda program: program.id)
    ]
    Settlement.objects.bulk_create(rows, ignore_conflicts=True)
    mine = Settlement.objects.filter(id__in=[row.id for row in rows]).select_related("program__seller")
    claimed = sorted(mine, key=lambda settlement: settlement.program.code)
    if not claimed:
        taken = Settlement.objects.filter(program__in=programs, starts_on=period.from_)
        return Job.objects.filter(id__in=taken.values("job_id")).earliest("created_at")
    job = request_job(
        SETTLE,
        {
            "settlements": [str(one.id) for one in claimed],
            "at": at.isoformat(),
            "by": by.label,
            "title": f"{claimed[0].program.name} · {claimed[0].starts_on:%Y-%m-%d}",
        },
        period=_key(claimed[0]),
        by=by.user_id,
    )
    if job.is_new:
        record(SettlementAction.REQUEST, job, by=by, at=at, title=job.params["title"], period=job.period)
    Settlement.objects.filter(id__in=[one.id for one in claimed]).update(job=job)
    return job


def _key(settlement: Settlement) -> str:
    """Return the job's period key, such as CODE:2011-03-01.

    Codes are unique per seller, so the key of a seller other than the manufacturer includes its id.
    """
    seller = settlement.program.seller
    whose = "" if seller.kind == MANUFACTURER else f"@{seller.id.hex[-8:]}"
    return f"{settlement.program.code}{whose}:{settlement.starts_on}"
