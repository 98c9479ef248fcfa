"""The tests' database: real PostgreSQL, reached as the application's role, never as its owner.

Two tenants, acme and bolt, are there from the start (only the owner makes tenants). A test
marked `django_db` runs in a transaction that is rolled back; the fixture `committed` is for what
must really commit (HTTP from another process, threads, workers), and empties the tables after.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.errors
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation

import catalogue.queries
from config import celery_app
from tenancy.context import leave_tenant, tenant_active
from tenancy.models import Tenant
from tests import property_profile  # noqa: F401 - loads the profile of Hypothesis
from tests.selection import (  # noqa: F401 - hooks of pytest
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_xdist_make_scheduler,
)

# The names are read again each minute; a test that counts statements would find one more at the turn of it.
catalogue.queries.UNIT_NAMES_SECONDS = 3600

KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "tenancy_tenant",
    "tenancy_tenanthost",
    "dealers_region",
}
TEMPLATE = "test_tripact_template"


def _admin(database: str = "postgres") -> Any:
    owner = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database,
    )
    connection.autocommit = True
    return connection


def _drop(cursor: Any, name: str) -> None:
    """Waits for those whom the owner may not turn out: the autovacuum, a process that is ending."""
    for attempt in range(40):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg2.errors.InsufficientPrivilege:
            if attempt == 39:
                raise
            time.sleep(0.25)
        else:
            return


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def _schema_version() -> str:
    """Changes with any migration, so that a template is rebuilt only then."""
    root = Path(settings.BASE_DIR)
    files = sorted([*root.glob("*/migrations/*.py"), root / "tenancy/migration.py"])
    parts = [file.read_bytes() for file in files] + [inspect.getsource(_build_template).encode()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:32]


def _build_template(cursor: Any) -> None:
    """Migrates one database; every worker of every run copies it."""
    version = _schema_version()
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
    )
    row = cursor.fetchone()
    if row is not None and row[0] == version:
        return
    _drop(cursor, TEMPLATE)
    cursor.execute(f'CREATE DATABASE "{TEMPLATE}"')
    _point_at(TEMPLATE)
    call_command("migrate", database="owner", verbosity=0)
    call_command("load_regions", verbosity=0)
    for slug, name in (("acme", "岭珠味业"), ("bolt", "博尔特建材")):
        Tenant.objects.using("owner").create(slug=slug, name=name)
    for alias in ("default", "owner"):
        connections[alias].close()
    cursor.execute(f"COMMENT ON DATABASE \"{TEMPLATE}\" IS '{version}'")


def _drop_leftovers(cursor: Any) -> None:
    """Databases of runs that were killed: their names end with the process that made them."""
    cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_tripact_[a-z0-9]+_[0-9]+$'")
    for (name,) in cursor.fetchall():
        if not Path(f"/proc/{name.rpartition('_')[2]}").exists() and Path("/proc/self").exists():
            _drop(cursor, name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    name = f"test_tripact_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        admin = _admin()
        with admin.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(814)")
            _drop_leftovers(cursor)
            _build_template(cursor)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
            cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        admin.close()
        _point_at(name)
    yield
    with django_db_blocker.unblock():
        _point_at("postgres")
        admin = _admin()
        with admin.cursor() as cursor:
            _drop(cursor, name)
        admin.close()


@pytest.fixture(scope="session", autouse=True)
def nobody_listens() -> None:
    """Messages go nowhere, and the cache's keys are this run's own: others share the server.

    Tests of the workers name a broker of their own.
    """
    celery_app.conf.broker_url = "memory://"
    settings.CACHES["default"]["KEY_PREFIX"] = f"test-{os.getpid()}"
    # A busy machine may keep the cache waiting; a limit that was not counted would fail a test.
    settings.CACHE_SECONDS_A_REQUEST = 4.0
    settings.CACHES["default"]["OPTIONS"] |= {"socket_timeout": 2.0, "socket_connect_timeout": 2.0}


@pytest.fixture(autouse=True)
def in_the_default_language() -> None:
    """A request activates its user's language for the thread; the next test begins without it."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def acme(db: None) -> Tenant:
    return Tenant.objects.get(slug="acme")


@pytest.fixture
def bolt(db: None) -> Tenant:
    return Tenant.objects.get(slug="bolt")


@pytest.fixture
def in_acme(acme: Tenant) -> Iterator[Tenant]:
    """The test's body runs inside the tenant acme."""
    with tenant_active(acme):
        yield acme


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Real commits; answers the database's name. Every table but the fixed ones is emptied after."""
    with django_db_blocker.unblock():
        yield str(connections["default"].settings_dict["NAME"])
        leave_tenant()
        empty_tables()
        connections.close_all()


def empty_tables() -> None:
    admin = _admin(str(connections["default"].settings_dict["NAME"]))
    with admin.cursor() as cursor:
        for attempt in range(5):
            await_silence(cursor)
            if not (tables := filled_tables(cursor)):
                break
            try:
                cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " CASCADE")
            except psycopg2.errors.DeadlockDetected:
                if attempt == 4:
                    raise
            else:
                break
    admin.close()


def filled_tables(cursor: Any) -> list[str]:
    """Return the tables that hold anything: emptying a few is quicker than making all files anew."""
    cursor.execute(
        "SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition"
        " AND coalesce((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(c.oid)),"
        " pg_relation_size(c.oid)) > 0"
    )
    return [name for (name,) in cursor.fetchall() if name not in KEPT]


def await_silence(cursor: Any, patience: float = 60) -> None:
    """Wait until no other process has a transaction open in this database.

    A web process may still be answering the last request of a test, and would meet the TRUNCATE in
    another order of tables, or write rows after it. (The autovacuum gives way by itself.)
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE pid <> pg_backend_pid() AND locktype = 'relation'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode <> 'ShareUpdateExclusiveLock'"
        )
        if cursor.fetchone()[0] == 0:
            return
        time.sleep(0.05)
