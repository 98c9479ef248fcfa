"""Django's migrate, run as the owner's role with a limited wait for locks."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from psycopg2.errors import LockNotAvailable

MAX_ATTEMPTS = 30
# A migration that existed only before the migrations were squashed (ADR 0024).
BEFORE_SQUASH = ("tenancy", "0002_walls_around_the_outbox")
OLD_DATABASE = (
    "This database was made by a version before the first release, whose migrations no longer exist.\n"
    "Nothing was changed. Make a new database; on a developer's machine remove the folder var/ and run\n"
    "./run up again. To keep the data, export it with the version that made it."
)


class Command(Migrate):
    """Run migrations; each statement waits at most 2 s for its lock.

    While a statement waits, all later queries on the table queue behind it. After the wait the migration
    is rolled back and tried again, up to MAX_ATTEMPTS times.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        if "owner" in settings.DATABASES:
            parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if BEFORE_SQUASH in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(OLD_DATABASE)
        for attempt in range(1, MAX_ATTEMPTS + 1):
            with connections[options["database"]].cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or attempt == MAX_ATTEMPTS:
                    raise
                self.stderr.write(f"A table is in use; trying again ({attempt} of {MAX_ATTEMPTS}).")
