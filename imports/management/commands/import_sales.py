"""`manage.py import_sales FILE --tenant SLUG`: import a wholesaler's order lines (CSV or CSV.GZ)."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from accounts.rights import the_system
from imports.operations.sales.file import COLUMNS, SalesFile
from imports.operations.sales.job import LINES_A_STEP, request_import, watched
from imports.operations.sales.lines import REASONS
from imports.operations.sales.master_data import ensure_tenant
from imports.operations.sales.scan import Scan, Sum, scan
from jobs.models import Job
from jobs.operations.jobs import run_job
from kernel.refusals import Refusal
from kernel.spreadsheets import ENCODINGS
from tenancy.context import tenant_active

ENDED, TAKEN = {Job.State.DONE, Job.State.FAILED, Job.State.STOPPED}, "taken"
AGAIN = "run the same command again, and it goes on where it was"


class Command(BaseCommand):
    help = (
        f"Imports order lines with the columns {', '.join(COLUMNS)}. The whole file is checked before "
        "anything is written; what cannot be trade goes to a rejects file with its line and reason. "
        f"Killed at any moment: {AGAIN}."
    )

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a .csv or .csv.gz file")
        parser.add_argument("--tenant", required=True, help="slug; the tenant is made where it is missing")
        parser.add_argument("--name", default="", help="the wholesaler's name, for a new tenant")
        parser.add_argument("--currency", default="", help="for a new tenant (GBP)")
        parser.add_argument("--timezone", default="", help="for a new tenant (Europe/London)")
        parser.add_argument("--encoding", choices=ENCODINGS, help="UTF-8 or else GB18030 without it")
        parser.add_argument("--chunk", type=int, default=LINES_A_STEP, help="lines to commit at a time")
        parser.add_argument("--rejects", type=Path, help="where the lines that are no trade go")

    def handle(self, *args: Any, **options: Any) -> None:
        rejects = options["rejects"] or _default_rejects(options["file"], options["tenant"])
        began = time.monotonic()
        try:
            job, found = self._import(options, rejects)
        except Refusal as refusal:
            raise CommandError(f"{options['file']}: {refusal.message or refusal}") from refusal
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except OSError as error:
            raise CommandError(f"{rejects} cannot be written: {error.strerror}") from error
        except DatabaseError as error:
            raise CommandError(f"The database failed ({_on_one_line(error)}): {AGAIN}.") from error
        if job.state != Job.State.DONE:
            raise CommandError(f"The import is {job.state} ({_on_one_line(job.message)}): {AGAIN}.")
        self._report(job, found, rejects)
        self.stderr.write(f"{time.monotonic() - began:.1f} s")

    def _import(self, options: dict[str, Any], rejects: Path) -> tuple[Job, Scan]:
        file = SalesFile(options["file"], options["encoding"])
        found = scan(file, rejects)
        tenant = ensure_tenant(
            slug=options["tenant"],
            currency=options["currency"],
            timezone=options["timezone"],
            name=options["name"],
        )
        with tenant_active(tenant):
            by = the_system("import_sales")
            job = request_import(file=file, found=found, by=by, lines=max(1, options["chunk"]))
        if job.state == Job.State.DONE:
            self.stderr.write("This file was imported before: nothing is imported now.")
        with watched(self._progress):
            while job.state not in ENDED:
                state = run_job(tenant_id=tenant.id, job_id=job.id)
                with tenant_active(tenant):
                    job = Job.objects.get(id=job.id)
                if state != TAKEN:
                    break
                self._progress(job.done, found.last_line)
                time.sleep(1)
        return job, found

    def _progress(self, line: int, last: int) -> None:
        self.stderr.write(f"  line {line:,} of {last:,} ({100 * line // last} %)")

    def _report(self, job: Job, found: Scan, rejects: Path) -> None:
        """Print the totals: counts of lines and exact sums of quantity × price."""
        rejected, done = found.rejected_in_all, job.result
        self._line("accepted", found.accepted)
        self._line("rejected", rejected)
        self._line(
            "together", Sum(found.accepted.lines + rejected.lines, found.accepted.amount + rejected.amount)
        )
        self.stdout.write("rejected by reason")
        for reason in REASONS:
            if reason in found.rejected:
                self._line(f"  {reason}", found.rejected[reason], REASONS[reason])
        booked = Decimal(done["booked"])
        self.stdout.write(
            f"booked: {done['orders']:,} delivered orders, {done['returns']:,} returns, {booked:,} net"
        )
        if done["replayed"]:
            self.stdout.write(f"booked before with the same content: {done['replayed']:,} invoices")
        exact = Decimal(done["exact"]) - Decimal(done["replayed_exact"])
        self.stdout.write(f"rounding of lines to 0.01: {booked - exact:f}")
        self.stdout.write(
            f"parties {len(found.customers):,}, products {len(found.names):,}, file read as {found.encoding}"
        )
        self.stdout.write(f"rejects: {rejects}")

    def _line(self, name: str, total: Sum, note: str = "") -> None:
        self.stdout.write(f"{name:<24}{total.lines:>9} lines {total.amount:>16f}  {note}".rstrip())


def _on_one_line(text: object) -> str:
    return " ".join(str(text).split())


def _default_rejects(file: Path, slug: str) -> Path:
    stem = file.name.removesuffix(".gz").removesuffix(".csv")
    return Path(settings.VAR_DIR) / "imports" / f"{slug}-{stem}-rejects.csv"
