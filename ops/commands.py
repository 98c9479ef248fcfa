"""`./run manage` and `./run bench`: print only the command's own output and return its exit status."""

from collections.abc import Sequence

from ops.children import django_environment, pass_through
from ops.database import database, ensure_prepared
from ops.places import PROJECT, Places
from ops.secrets_file import read_secrets
from ops.setup import ensure_setup

SERVERLESS = {
    "simulate",
    "help",
    "version",
    "diffsettings",
    "startapp",
    "--help",
    "-h",
    "--version",
}
ON_ANY_SCHEMA = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "dbshell", "check"}


def manage(places: Places, arguments: Sequence[str]) -> int:
    ensure_setup(places)
    command = [str(places.python), str(PROJECT / "manage.py"), *arguments]
    name = arguments[0] if arguments else "help"
    if name in SERVERLESS or "--help" in arguments:
        secrets = read_secrets(places.home / "secrets.json")
        return pass_through(command, django_environment(places, secrets))
    with database(places) as (servers, environment):
        if name not in ON_ANY_SCHEMA and "postgres" in servers.kinds:
            ensure_prepared(servers, environment, demo=False)
        return pass_through(command, environment)


def bench(places: Places, arguments: Sequence[str]) -> int:
    """Run a benchmark on a database and a queue of its own, apart from real data."""
    ensure_setup(places)
    with database(places, "tripact_bench") as (servers, environment):
        ensure_prepared(servers, environment, demo=False)
        return pass_through([str(places.python), "-m", "benchmarks", *arguments], environment)
