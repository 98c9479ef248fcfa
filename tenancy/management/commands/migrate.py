"""Django's migrate, as the owner, and patient instead of in the way."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg2.errors import LockNotAvailable

TRIES = 30


class Command(Migrate):
    """A statement waits 2 s for its lock and then gives way, for all who come after queue behind it.

    The migration rolled back as a whole; it is tried again, up to 30 times.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        for attempt in range(1, TRIES + 1):
            with connections[options["database"]].cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or attempt == TRIES:
                    raise
                self.stderr.write(f"A table is in use; trying again ({attempt} of {TRIES}).")
