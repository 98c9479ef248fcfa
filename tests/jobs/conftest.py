from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis
from django.db import connections

from config import celery_app
from jobs.operations.dispatch import flush_nudges
from tenancy.models import Tenant
from tests.processes import OwnServer, Running, environment, own_server, send_to, until, worker

QUEUE = "celery"


class SharedWorker:
    """A worker that the tests of a module share: it takes messages inside `working` only.

    One that a test has killed is started again by the next that needs it.
    """

    def __init__(self, variables: dict[str, str], folder: Path) -> None:
        self.variables, self.folder = variables, folder
        self.stack = ExitStack()
        self.running: Running | None = None

    @contextmanager
    def working(self) -> Iterator[Running]:
        if self.running is None or self.running.process.poll() is not None:
            self.running = self.stack.enter_context(worker(self.variables, self.folder, app="tests.jobs.app"))
        else:
            self._order("add_consumer")
        try:
            yield self.running
        finally:
            if self.running.process.poll() is None:
                self._order("cancel_consumer")

    def _order(self, what: str) -> None:
        """Send until the worker has answered: it may just be connecting to a cache that was emptied.

        The first answer ends the waiting; without a limit each order waits for others until the timeout.
        """
        until(lambda: getattr(celery_app.control, what)(QUEUE, reply=True, timeout=2, limit=1), what)


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
def tenant(committed: str) -> Tenant:
    return Tenant.objects.get(slug="acme")


@pytest.fixture(scope="module")
def shared_worker(
    cache: OwnServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedWorker]:
    name = str(connections["default"].settings_dict["NAME"])
    variables = environment(database=name, redis_url=cache.server.url())
    shared = SharedWorker(variables, tmp_path_factory.mktemp("worker"))
    with shared.stack:
        yield shared
