"""A site of its own to shoot at: cluster, cache, web and worker, and a world to trade in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from ops.postgres import Cluster
from tenancy.context import leave_tenant
from tenancy.models import Tenant
from tests.crash.battlefield import Battlefield
from tests.isolation.world import build
from tests.processes import environment, own_server, send_to, uncounted

HERE = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@pytest.fixture(scope="package")
def battlefield(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Battlefield]:
    folder: Path = tmp_path_factory.mktemp("battlefield")
    with own_server("postgres") as cluster, own_server("valkey") as cache, django_db_blocker.unblock():
        variables = environment(database="tripact", redis_url=cache.server.url(), cluster=cluster.server)
        told = uncounted(variables)
        _copy_database(cluster.server, folder / "tripact.sql")
        kept = _point_at(cluster.server)
        world = build(Tenant.objects.get(slug="acme"), "ACME4K")
        field = Battlefield(cluster, cache, told, folder, world)
        send_to(cache.server.url())
        yield field
        send_to("memory://")
        field.clear()
        leave_tenant()
        for alias, values in kept.items():
            connections[alias].close()
            connections[alias].settings_dict.update(values)


def _copy_database(cluster: Cluster, dump: Path) -> None:
    """Copy this process's empty test database into the cluster, which is quicker than migrating it.

    The owner sees no row of a table with row security, and these tables are empty.
    """
    owner = connections["owner"].settings_dict
    source = {f"PG{name}": str(owner[name]) for name in ("HOST", "PORT", "USER", "PASSWORD")}
    subprocess.run(
        [cluster.programs / "pg_dump", "--enable-row-security", f"--file={dump}", str(owner["NAME"])],
        env=os.environ | source,
        check=True,
    )
    cluster.psql("--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={dump}", "tripact")


def _point_at(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """The test's own connections go to the cluster too; answers where they went before."""
    kept = {}
    for alias, role in (("default", "app"), ("owner", "owner")):
        connections[alias].close()
        told = connections[alias].settings_dict
        kept[alias] = {name: told[name] for name in HERE}
        told.update(HOST="127.0.0.1", PORT=cluster.port, USER=f"tripact_{role}", NAME="tripact")
        told["PASSWORD"] = cluster.passwords[role]
    assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    return kept
