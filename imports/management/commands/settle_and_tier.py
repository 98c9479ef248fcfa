"""`manage.py settle_and_tier --tenant SLUG`: settle and tier an imported year."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.rights import the_system
from imports.operations.sales.settlement import YearFacts, settle_and_tier
from kernel.refusals import Refusal
from tenancy.models import Tenant


class Command(BaseCommand):
    help = (
        "Settles a quarterly rebate for the full quarters that a tenant traded in, and runs the tiers of "
        "its first twelve full months. Run again it finds them done and prints the same."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="slug")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']}.")
        began = time.monotonic()
        try:
            year = settle_and_tier(tenant=tenant, by=the_system("settle_and_tier"), at=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self._report(year)
        self.stderr.write(f"{time.monotonic() - began:.1f} s")

    def _report(self, year: YearFacts) -> None:
        self.stdout.write("quarter       parties              base            earned")
        for one in year.quarters:
            self.stdout.write(f"{one.starts_on}  {one.parties:>9,} {one.base:>17,} {one.due:>17,}")
        self.stdout.write("month    tiers")
        for month in year.months:
            tiers = "  ".join(f"{code} {count:,}" for code, count in month.tiers.items())
            moves = "  ".join(f"{move} {count:,}" for move, count in sorted(month.moves.items()))
            self.stdout.write(f"{month.month:%Y-%m}  {tiers}  |  {moves}")
