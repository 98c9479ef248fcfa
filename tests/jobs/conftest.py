from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from kombu import pools

from config import celery_app
from tenancy.models import Tenant
from tests.processes import OwnServer, environment, own_server


@pytest.fixture(scope="module")
def cache() -> Iterator[OwnServer]:
    with own_server("valkey") as server:
        yield server


@pytest.fixture
def broker(cache: OwnServer) -> Iterator[redis.Redis]:
    """The test's process sends to the own cache, which begins empty."""
    url = cache.server.url()
    with redis.Redis.from_url(url) as client:
        client.flushall()
        _send_to(url)
        yield client
    _send_to("memory://")


def _send_to(url: str) -> None:
    celery_app.conf.broker_url = url
    celery_app.conf.broker_read_url = celery_app.conf.broker_write_url = url
    pools.reset()
    celery_app.amqp._producer_pool = celery_app._pool = None


@pytest.fixture
def told(committed: str, cache: OwnServer) -> dict[str, str]:
    return environment(database=committed, redis_url=cache.server.url())


@pytest.fixture
def tenant(committed: str) -> Tenant:
    return Tenant.objects.get(slug="acme")
