"""Django's migrate, as the owner, and patient instead of in the way."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg2.errors import LockNotAvailable

TRIES = 30
# A migration that existed only before the migrations were squashed (ADR 0024).
BEFORE_SQUASH = ("tenancy", "0002_walls_around_the_outbox")
OLD_DATABASE = (
    "This database was made by a version before the first release, whose migrations no longer exist.\n"
    "Nothing was changed. Make a new database; on a developer's machine remove the folder var/ and run\n"
    "./run up again. To keep the data, export it with the version that made it."
)


class Command(Migrate):
    """A statement waits 2 s for its lock and then gives way, for all who come after queue behind it.

    The migration rolled back as a whole; it is tried again, up to 30 times.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if BEFORE_SQUASH in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(OLD_DATABASE)
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
