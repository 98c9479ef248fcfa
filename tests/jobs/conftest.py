from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from jobs.operations.dispatch import flush_nudges
from tenancy.models import Tenant
from tests.processes import OwnServer, environment, own_server, send_to


@pytest.fixture(scope="module")
def cache() -> Iterator[OwnServer]:
    with own_server("valkey") as server:
        yield server


@pytest.fixture
def broker(cache: OwnServer) -> Iterator[redis.Redis]:
    """The test's process sends to the own cache, which begins empty."""
    url = cache.server.url()
    with redis.Redis.from_url(url) as client:
        flush_nudges()
        client.flushall()
        send_to(url)
        yield client
        flush_nudges()
    send_to("memory://")


@pytest.fixture
def told(committed: str, cache: OwnServer) -> dict[str, str]:
    return environment(database=committed, redis_url=cache.server.url())


@pytest.fixture
def tenant(committed: str) -> Tenant:
    return Tenant.objects.get(slug="acme")
