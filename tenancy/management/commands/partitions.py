"""`manage.py partitions`: create the monthly partitions ahead."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tenancy.operations.partitions import MONTHS_AHEAD, make_partitions


class Command(BaseCommand):
    help = "Makes the months ahead of facts, outbox and audit. Run it monthly, as the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="also the months since this day")
        parser.add_argument("--ahead", type=int, default=MONTHS_AHEAD, help="how many months ahead")

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_partitions(on=timezone.now().date(), since=options["since"], ahead=options["ahead"])
        for one in made:
            if not one.moved and not options["verbosity"]:
                continue
            self.stdout.write(f"{one.name}: {one.moved} rows moved into it")
        self.stdout.write(f"{len(made)} partitions made")
