"""The dry run as a job: one step for each registered check, so that its progress is visible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.models import Job
from jobs.operations.jobs import UNFINISHED, Step, job_step, request_job
from kernel.refusals import Refusal
from pricing.audit_actions import PriceListAction
from pricing.domain.dry_run.findings import CheckResult, Finding
from pricing.models import DryRun, DryRunFinding, PriceList
from pricing.operations.sellers import WrongState, must_price_for
from pricing.queries.dry_run.impact import PriceImpact, price_impact
from pricing.queries.dry_run.runs import digest_of, latest_run
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant
from tenancy.rooms import price_list_checks, resolve

DRY_RUN = "pricing.dry_run"
MAX_STORED = 20_000
"""The findings of a check that are stored; all are counted."""
_BATCH = 2_000


class UnknownDraft(Refusal):
    code = "not_found"


class EmptyDraft(Refusal):
    code = "empty"


class EditedMeanwhile(Refusal):
    """The draft was edited while its dry run was running."""

    code = "dry_run_outdated"


def request_dry_run(*, price_list_id: UUID, by: Actor, at: datetime) -> DryRun:
    """Queue the dry run of a draft and return it. While one of the same content is running, return that.

    Raise WrongState if the list is no draft, EmptyDraft if it has no prices.
    """
    by.must("price.edit")
    with joined_transaction():
        draft = PriceList.objects.select_for_update().filter(id=price_list_id).first()
        if draft is None:
            raise UnknownDraft(_("There is no such price list."), field="price_list")
        must_price_for(draft.seller_id, by=by)
        if draft.state != PriceList.State.DRAFT:
            message = _("Only a draft is tried: this price list was published.")
            raise WrongState(message, state=draft.state)
        if not draft.entries.exists():
            raise EmptyDraft(_("A price list without prices cannot be published."), field="entries")
        digest = digest_of(draft)
        running = latest_run(draft)
        if running is not None and running.digest == digest and _is_running(running):
            return running
        today = day_of_tenant(at)
        made: DryRun = DryRun.objects.create(
            price_list=draft,
            digest=digest,
            on=max(today, draft.starts_on or today),
            requested_by=by.label[:200],
            started_at=at,
        )
        params = {"dry_run": str(made.id), "language": translation.get_language()}
        made.job_id = request_job(DRY_RUN, params, by=by.user_id).id
        made.save(update_fields=["job_id"])
        record(PriceListAction.DRY_RUN, draft, by=by, at=at, code=draft.code, dry_run=str(made.id))
    return made


def _is_running(run: DryRun) -> bool:
    return run.finished_at is None and Job.objects.filter(id=run.job_id, state__in=UNFINISHED).exists()


@job_step(DRY_RUN)
def dry_run_step(job: Job) -> Step:
    """Run the next check and store its findings; after the last one the dry run is finished."""
    with translation.override(job.params["language"]):
        return _step(job)


def _step(job: Job) -> Step:
    run = DryRun.objects.select_related("price_list__seller").get(id=job.params["dry_run"])
    checks = list(price_list_checks().values())
    place = job.cursor.get("check", 0)
    if digest_of(run.price_list) != run.digest:
        _impacts.clear()
        raise EditedMeanwhile(_("The draft was changed while its dry run was running. Run it again."))
    result: CheckResult = resolve(checks[place].check)(_impact_of(run))
    _store(run, checks[place].code, result)
    done = place + 1
    if done < len(checks):
        message = str(checks[done].label)
        return Step(done=done, total=len(checks), cursor={"check": done}, message=message)
    _impacts.clear()
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])
    return Step(done=done, total=len(checks), message="")


_impacts: dict[UUID, PriceImpact] = {}
"""The impact of the dry run that this process is at, so that its checks compute it once."""


def _impact_of(run: DryRun) -> PriceImpact:
    found = _impacts.get(run.id)
    if found is None:
        _impacts.clear()
        found = _impacts[run.id] = price_impact(run.price_list, today=day_of_tenant(run.started_at))
    return found


def _store(run: DryRun, kind: str, result: CheckResult) -> None:
    """Write the findings of a check and add its figures to those of the run.

    Only the manufacturer's lists can be refused: those of partners are advised.
    """
    refuses = run.price_list.seller.kind == "manufacturer"
    DryRunFinding.objects.bulk_create(
        _rows(run, kind, result.findings[:MAX_STORED], refuses=refuses), batch_size=_BATCH
    )
    breaking = result.breaking if refuses else 0
    figures: dict[str, Any] = {**result.figures, "count": result.total, "breaking": breaking}
    run.figures = {**run.figures, kind: figures}
    run.breaking += breaking
    if refuses and "owed" in figures:
        run.owed += Decimal(figures["owed"])
    run.save(update_fields=["figures", "breaking", "owed"])


def _rows(run: DryRun, kind: str, findings: Iterable[Finding], *, refuses: bool) -> list[DryRunFinding]:
    return [
        DryRunFinding(
            dry_run=run,
            kind=kind,
            position=place,
            product_id=one.product_id,
            party_id=one.party_id,
            is_breaking=one.is_breaking and refuses,
            amount=one.amount,
            facts=dict(one.facts),
        )
        for place, one in enumerate(findings)
    ]
