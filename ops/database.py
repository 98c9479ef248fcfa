"""Choose the database of a command, and bring it up to date first where necessary."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from subprocess import PIPE
from urllib.parse import urlsplit

from ops.children import django_environment
from ops.environment import REQUIREMENTS, read
from ops.file_lock import alone
from ops.places import PROJECT, Places
from ops.postgres import Cluster
from ops.say import Stop, step
from ops.secrets_file import keep
from ops.servers import Servers, attending

DEMO_KEY = "demo-key"
TRADE_IS_LEFT = 3  # the exit status of ops.prepare where the worker has the demo's trade to make
URLS = ("DATABASE_URL", "OWNER_DATABASE_URL", "BACKUP_DATABASE_URL")


@contextmanager
def database(
    places: Places, name: str = "tripact", *, own: bool = False
) -> Iterator[tuple[Servers, dict[str, str]]]:
    """Yield running servers, and the environment that names a database on them.

    With `own` they are embedded servers, whatever DATABASE_URL and REDIS_URL say.
    """
    with attending(places, own=own) as servers:
        given = django_environment(places, servers.secrets)
        yield servers, given | servers.environment(name) | others(servers, given, name)


def others(servers: Servers, given: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the same variables for the caller's own servers; a benchmark gets another database there."""
    found: dict[str, str] = {}
    if "postgres" not in servers.kinds:
        if not given.get("OWNER_DATABASE_URL"):
            raise Stop(
                "DATABASE_URL is set, so OWNER_DATABASE_URL is needed too: tables belong to a role\n"
                "of their own, and the site's role may not be it. ops/roles.sql makes both."
            )
        if name != "tripact":
            found |= {url: neighbour(given[url], name) for url in URLS if given.get(url)}
    if "valkey" not in servers.kinds and name != "tripact":
        found["REDIS_URL"] = neighbour(given["REDIS_URL"], "1")
    return found


def neighbour(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def ensure_prepared(servers: Servers, environment: Mapping[str, str], *, demo: bool) -> bool:
    """Migrates, unless the embedded database is known to be at this very state of the code.

    Returns whether the worker has the demo's trade to make. Until it is made, the database does not
    count as prepared with the demo, so that the next start queues the work again.
    """
    places = servers.places
    name = urlsplit(environment["DATABASE_URL"]).path.strip("/")
    cluster = servers.kinds.get("postgres")
    with alone(places.run / f"prepare-{name}.lock"):
        stamp = places.run / f"prepared-{name}"
        wanted, is_migrated = "", False
        if isinstance(cluster, Cluster):
            if name != "tripact":
                cluster.create_database(name)
            wanted = f"{identity(cluster, name)} {code_fingerprint()}{' demo' * demo}"
            if read(stamp) in (wanted, f"{wanted} demo"):
                return False
            is_migrated = read(stamp) == wanted.removesuffix(" demo")
        with step(f"preparing the database {name}"):
            options = ["--demo"] * demo + ["--migrated"] * is_migrated
            command = [str(places.python), "-m", "ops.prepare", *options]
            done = subprocess.run(command, env=environment, cwd=PROJECT, stdout=PIPE, text=True, check=False)
            trade_is_left = done.returncode == TRADE_IS_LEFT
            if done.returncode and not trade_is_left:
                raise Stop(f"the database {name} could not be prepared; see above.")
            if done.stdout:
                keep(places.run / DEMO_KEY, done.stdout)
        stamp.write_text(wanted.removesuffix(" demo") if trade_is_left else wanted)
    return trade_is_left


def identity(cluster: Cluster, name: str) -> str:
    """Return a text that changes when a database is dropped and created again."""
    sql = f"SELECT oid FROM pg_database WHERE datname = '{name}'"
    return cluster.psql("--tuples-only", "--no-align", "--command", sql).strip()


def code_fingerprint() -> str:
    """Return a digest of what determines a prepared database: migrations, loaders, packages."""
    digest = hashlib.sha256((REQUIREMENTS / "run.txt").read_bytes())
    for path in sorted(PROJECT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    for pattern in ("*/management/commands/load_*.py", "locale/*/LC_MESSAGES/*.po"):
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
