"""`manage.py load_demo`: create the demonstration tenant, once."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.rights import the_system
from demo.operations.load_job import load_demo, people_may_sign_in, watched
from demo.operations.names import SLUG
from demo.operations.people import issue_demo_key
from demo.operations.scenario import SMALL, ZONE, Scale
from jobs.models import Job
from jobs.operations.jobs import UNFINISHED
from kernel.refusals import Refusal
from tenancy.context import tenant_active
from tenancy.models import Tenant


class Command(BaseCommand):
    help = "Makes the demonstration tenant with a year of trade, once; prints its API key then."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="the day after its year of trade (today)")
        parser.add_argument("--small", action="store_true", help="a tenth of everything")
        parser.add_argument("--slug", default=SLUG)
        parser.add_argument(
            "--in-background",
            action="store_true",
            help="make what is needed to sign in, and leave the year of trade to the worker",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is not None and not tenant.is_demo:
            raise CommandError(f"The tenant {tenant.slug} is no demonstration: nothing was changed.")
        began = time.monotonic()
        today = timezone.now().astimezone(ZONE).date()
        try:
            scale = SMALL if options["small"] else Scale()
            with watched(self._progress):
                job = load_demo(
                    day=options["day"] or today,
                    scale=scale,
                    slug=options["slug"],
                    in_background=options["in_background"],
                )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        is_left_to_worker = options["in_background"] and job.state in UNFINISHED and people_may_sign_in(job)
        if job.state != Job.State.DONE and not is_left_to_worker:
            raise CommandError(f"The demonstration is {job.state}: {job.message}")
        with tenant_active(Tenant.objects.get(slug=options["slug"])):
            secret = issue_demo_key(by=the_system("load_demo"), at=timezone.now())
        if secret:
            self.stdout.write(secret)
        if is_left_to_worker:
            self._progress(f"{job.done} of {job.total}", "the worker makes the rest", 0)
        self.stderr.write(f"{time.monotonic() - began:.1f} s", style_func=str)

    def _progress(self, part: str, message: str, seconds: float) -> None:
        self.stderr.write(f"{part:<10} {seconds:5.1f} s  {message}", style_func=str)
