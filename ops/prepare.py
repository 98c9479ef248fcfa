"""Brings a database up to date; runs inside the environment, as one process because Django
takes a second to start.

`python -m ops.prepare` migrates, makes the months ahead and loads the regions (in production
too). `--demo` also makes what one needs to sign in to the demo tenant, once, and leaves its year of
trade to the worker: the exit status says whether there is something left. The key that it issues is
all that goes to standard output. `--migrated` leaves out all but the demo.
"""

import os
import sys
from pathlib import Path

import django
import psycopg2
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from i18n import compiling
from ops.database import TRADE_IS_LEFT


def refuse_unsafe_role(url: str) -> None:
    """Row security does not bind superusers and roles with BYPASSRLS, so the site must not be one."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, superuser, bypasses = cursor.fetchone() or ("", True, True)
    if superuser or bypasses:
        what = "a superuser" if superuser else "a role with BYPASSRLS"
        sys.exit(
            f"DATABASE_URL connects as {name}, {what}: row security would not apply to it.\n"
            "Make the three roles with ops/roles.sql and name tripact_app there, and\n"
            "tripact_owner in OWNER_DATABASE_URL."
        )


def prepare(*, demo: bool, is_migrated: bool) -> int:
    """Return the exit status: 0, or TRADE_IS_LEFT where the worker has the demo's trade to make."""
    refuse_unsafe_role(os.environ["DATABASE_URL"])
    compiling.compile_all()
    django.setup()
    if not is_migrated:
        call_command("migrate", database="owner", interactive=False, verbosity=0, stdout=sys.stderr)
        call_command("partitions", verbosity=0, stdout=sys.stderr)
        call_command("load_regions", stdout=sys.stderr)
    if not demo:
        return 0
    call_command("load_demo", in_background=True)
    return 0 if import_string("demo.operations.load_job.is_complete")() else TRADE_IS_LEFT


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        sys.exit(prepare(demo="--demo" in sys.argv[1:], is_migrated="--migrated" in sys.argv[1:]))
    except CommandError as refused:
        sys.exit(f"{refused}")
