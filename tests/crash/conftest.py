"""A site of its own to shoot at: cluster, cache, web and worker, and a world to trade in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from ops.places import PROJECT
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
        for command in (["migrate", "--verbosity", "0"], ["load_regions", "--verbosity", "0"]):
            subprocess.run([sys.executable, "manage.py", *command], env=told, cwd=PROJECT, check=True)
        kept = _point_at(cluster.server)
        tenant = Tenant.objects.using("owner").create(slug="acme", name="岭珠味业")
        world = build(tenant, "ACME4K")
        field = Battlefield(cluster, cache, told, folder, world)
        send_to(cache.server.url())
        yield field
        send_to("memory://")
        field.clear()
        leave_tenant()
        for alias, values in kept.items():
            connections[alias].close()
            connections[alias].settings_dict.update(values)


def _point_at(cluster: Any) -> dict[str, dict[str, Any]]:
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
