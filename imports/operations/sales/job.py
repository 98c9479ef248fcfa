"""The job that imports a wholesaler's sales in chunks of complete invoices.

The file is read to its end before anything is written. A chunk and the job's cursor commit together, so
a killed job continues after its last chunk. The digest of the file's content identifies a job in its
tenant, so that no file is imported twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.rights import Actor
from audit.operations.recording import record
from imports.audit_actions import ImportAction
from imports.operations.sales.booked_invoices import booked_before
from imports.operations.sales.file import SalesFile
from imports.operations.sales.lines import Invoice, SaleLine
from imports.operations.sales.master_data import Masters, read_masters, write_masters
from imports.operations.sales.scan import Scan, invoices, scan
from imports.operations.sales.table_statistics import refresh_statistics
from imports.operations.sales.trade import Deal, DealtLine, write_deliveries, write_returns
from jobs.models import Job
from jobs.operations.jobs import Step, job_step, request_job, resume_job
from kernel.money import cents, unit_price
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import Tenant

KIND = "imports.import_sales"
LINES_A_STEP = 10_000
ANALYZE_AFTER_STEPS = (0, 1, 4, 16, 64)
PAYMENT_DAYS = 30
UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING, Job.State.STOPPING, Job.State.STOPPED, Job.State.FAILED)


class AnotherImport(Refusal):
    code = "conflict"


class FileChanged(Refusal):
    code = "conflict"


@dataclass(slots=True)
class _Reading:
    """A file that a job reads in this process, across its steps."""

    file: SalesFile
    found: Scan
    masters: Masters | None = None
    chunks: Iterator[tuple[list[Invoice], int]] | None = None
    at_line: int = 0

    def after(self, line: int, lines: int) -> tuple[list[Invoice], int]:
        """Return the chunk after a line; reopen the file if the last chunk was not committed."""
        if self.chunks is None or self.at_line != line:
            self.chunks = invoices(self.file, self.found, after=line, lines=lines)
        chunk, self.at_line = next(self.chunks)
        return chunk, self.at_line


_readings: dict[UUID, _Reading] = {}
_watchers: list[Callable[[int, int], None]] = []


@contextmanager
def watched(watcher: Callable[[int, int], None]) -> Iterator[None]:
    """Call `watcher(lines done, all lines)` after each step of an import in this process."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def request_import(*, file: SalesFile, found: Scan, by: Actor, lines: int = LINES_A_STEP) -> Job:
    """Return the job that imports a scanned file; a repeated request returns the same job.

    About `lines` lines are committed at a time. A killed, stopped or failed job is queued again. Invoices
    that were imported before with the same content are left out. Raises ImportConflict for one with other
    content, and AnotherImport if another import is not finished.
    """
    by.must("job.run")
    period = found.sha256[:40]
    job = Job.objects.filter(kind=KIND, period=period).first()
    if job is None:
        _refuse_unfinished()
        params = {
            "path": str(file.path.resolve()),
            "encoding": found.encoding,
            "sha256": found.sha256,
            "lines": lines,
            "by": by.label,
            "booked": booked_before(file, found),
        }
        with joined_transaction():
            job = request_job(KIND, params, period=period, by=by.user_id, nudge=False)
            if job.is_new:
                facts = {"path": params["path"], "sha256": found.sha256}
                record(ImportAction.REQUEST, job, by=by, at=job.created_at, **facts)
    elif job.state in {Job.State.FAILED, Job.State.STOPPED}:
        resume_job(job)
    elif job.state != Job.State.DONE:
        # The worker with the lease may be dead; a live one holds the job's lock in each step.
        Job.objects.filter(id=job.id).update(state=Job.State.QUEUED, leased_until=None, attempts=0)
    _readings[job.id] = _Reading(file, found)
    return job


def _refuse_unfinished() -> None:
    other = Job.objects.filter(kind=KIND, state__in=UNFINISHED, done__gt=0).first()
    if other is not None:
        raise AnotherImport(
            f"The import of {other.params['path']} is not finished: run that one again first."
        )


@job_step(KIND)
def import_step(job: Job) -> Step:
    """Write parties, products and books in the first step; about LINES_A_STEP lines in each other."""
    reading = _reading(job)
    tenant = Tenant.objects.get(id=active_tenant_id())
    if not job.cursor:
        write_masters(reading.found, tenant=tenant)
        cursor: dict[str, Any] = {"steps": 0, "line": 1, "orders": 0, "returns": 0, "lines": 0}
        cursor |= {"exact": "0", "booked": "0", "replayed": 0, "replayed_exact": "0"}
        return _step(job, reading, cursor)
    if reading.masters is None:
        reading.masters = read_masters(reading.found)
    if job.cursor["steps"] in ANALYZE_AFTER_STEPS:
        refresh_statistics()
    chunk, last = reading.after(job.cursor["line"], job.params["lines"])
    with_lines = [one for one in chunk if one.lines]
    booked_invoices = set(job.params["booked"])
    fresh = [one for one in with_lines if one.number not in booked_invoices]
    sold, returned = _deals(fresh, reading.masters, ZoneInfo(tenant.timezone))
    write_deliveries(sold, currency=tenant.currency, posted_by=job.params["by"])
    write_returns(returned, posted_by=job.params["by"])
    exact = sum((line.amount for one in with_lines for line in one.lines), Decimal(job.cursor["exact"]))
    replayed = [one for one in with_lines if one.number in booked_invoices]
    left_out = sum((line.amount for one in replayed for line in one.lines), Decimal(0))
    booked = sum((deal.net for deal in sold), Decimal(job.cursor["booked"]))
    cursor = {
        "steps": job.cursor["steps"] + 1,
        "line": last,
        "orders": job.cursor["orders"] + len(sold),
        "returns": job.cursor["returns"] + len(returned),
        "lines": job.cursor["lines"] + sum(len(one.lines) for one in with_lines),
        "exact": str(exact),
        "replayed": job.cursor["replayed"] + len(replayed),
        "replayed_exact": str(Decimal(job.cursor["replayed_exact"]) + left_out),
        "booked": str(booked - sum((deal.net for deal in returned), Decimal(0))),
    }
    return _step(job, reading, cursor)


def _step(job: Job, reading: _Reading, cursor: dict[str, Any]) -> Step:
    found = reading.found
    line, last = cursor["line"], found.last_line
    for watcher in _watchers:
        watcher(line, last)
    if line < last:
        return Step(done=line, total=last, cursor=cursor, message=f"line {line:,} of {last:,}")
    if (cursor["lines"], Decimal(cursor["exact"])) != (found.accepted.lines, found.accepted.amount):
        raise RuntimeError(f"imported {cursor}, but the file has {found.accepted}")
    _readings.pop(job.id, None)
    return Step(done=last, total=last, message=f"{last:,} lines", result=cursor)


def _reading(job: Job) -> _Reading:
    reading = _readings.get(job.id)
    if reading is None:
        file = SalesFile(job.params["path"], job.params["encoding"])
        found = scan(file)
        if found.sha256 != job.params["sha256"]:
            raise FileChanged(f"{file.path} is not the file any more that this import began with.")
        _readings.clear()
        reading = _readings[job.id] = _Reading(file, found)
    return reading


def _deals(with_lines: Sequence[Invoice], masters: Masters, zone: ZoneInfo) -> tuple[list[Deal], list[Deal]]:
    """Convert complete invoices to delivered orders and to returns."""
    sold: list[Deal] = []
    returned: list[Deal] = []
    for invoice in with_lines:
        first = invoice.lines[0]
        sign = -1 if first.is_cancellation else 1
        at, day = first.at.replace(tzinfo=zone).astimezone(UTC), first.at.date()
        deal = Deal(
            number=invoice.number,
            source=invoice.number,
            seller_id=masters.seller_id,
            buyer_id=masters.parties[invoice.customer],
            book_id=masters.books[invoice.customer],
            placed_at=at,
            placed_on=day,
            delivered_at=at,
            delivered_on=day,
            due_on=_due(day),
            lines=[_line(line, sign, masters.products[line.sku]) for line in invoice.lines],
        )
        (returned if sign < 0 else sold).append(deal)
    return sold, returned


def _line(line: SaleLine, sign: int, product_id: UUID) -> DealtLine:
    exact = sign * line.amount
    amount, qty = cents(exact), sign * line.qty
    net_price = line.price if amount == exact else unit_price(amount / qty)
    return DealtLine(product_id, line.sku, qty, line.price, amount, amount, net_unit_price=net_price)


def _due(day: date) -> date:
    return day + timedelta(days=PAYMENT_DAYS)
