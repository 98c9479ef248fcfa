"""Real processes for tests that kill them: a web server, a worker, a cache, a database cluster."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from kombu import pools

from config import celery_app
from ops.places import PROJECT, find_places, places_at
from ops.ports import free_port
from ops.postgres import Cluster
from ops.processes import Known, stop
from ops.valkey import Cache

PASSWORDS = dict.fromkeys(("superuser", "owner", "app", "backup", "valkey", "signing"), "only-for-tests")


def until(true: Callable[[], Any], what: str, patience: float = 90) -> Any:
    """Waits until the condition holds and answers what it answered; fails after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (answer := true()):
        assert time.monotonic() < deadline, f"waited {patience} s for: {what}"
        time.sleep(0.05)
    return answer


def environment(*, database: str = "", redis_url: str = "", cluster: Cluster | None = None) -> dict[str, str]:
    """What a process of the project is told: the tests' database unless a cluster is named."""
    found = {**os.environ, "SECRET_KEY": settings.SECRET_KEY, "DEBUG": "0", "HTTPS": "0"}
    found["PYTHONPATH"] = str(PROJECT)
    for variable, alias, role in (
        ("DATABASE_URL", "default", "app"),
        ("OWNER_DATABASE_URL", "owner", "owner"),
    ):
        name = database or str(settings.DATABASES[alias]["NAME"])
        here = urlsplit(os.environ[variable])._replace(path=f"/{name}").geturl()
        found[variable] = cluster.url(role, name) if cluster else here
    if redis_url:
        found["REDIS_URL"] = redis_url
    return found


def uncounted(variables: dict[str, str]) -> dict[str, str]:
    """Without coverage: a process that is killed cannot write it down, and starts faster without it."""
    return {name: value for name, value in variables.items() if not name.startswith("COVERAGE_PROCESS")}


def send_to(url: str) -> None:
    """Where this process sends its messages from now on."""
    celery_app.conf.broker_url = url
    celery_app.conf.broker_read_url = celery_app.conf.broker_write_url = url
    pools.reset()
    celery_app.amqp._producer_pool = celery_app._pool = None


class Running:
    """A process group of our own, with a log; `kill` is kill -9 of all of it."""

    def __init__(self, command: list[str], told: dict[str, str], folder: Path) -> None:
        self.log = folder / f"{Path(command[2]).name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=told,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self, words: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return words in self.log.read_text(errors="replace")

    def signal(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Politely first, so that coverage is written."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()


@contextmanager
def worker(told: dict[str, str], folder: Path, app: str = "config") -> Iterator[Running]:
    """A Celery worker of two processes that takes messages."""
    command = [sys.executable, "-m", "celery", "--app", app, "worker", "--loglevel", "INFO"]
    command += ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    running = Running(command, told, folder)
    try:
        until(lambda: running.said(" ready."), "the worker", patience=60)
        yield running
    finally:
        running.stop()


@contextmanager
def web(
    told: dict[str, str], folder: Path, workers: int = 1, threads: int = 8
) -> Iterator[tuple[Running, str]]:
    """gunicorn with the whole site; answers its address."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", str(threads), "--timeout", "60"]
    running = Running(command, told, folder)
    address = f"http://127.0.0.1:{port}"
    try:
        until(
            lambda: running.said("Booting worker") and _answers(f"{address}/healthz"), "the site", patience=60
        )
        yield running, address
    finally:
        running.stop()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class OwnServer:
    """A database cluster or a cache of the test's own, which it may kill and start again."""

    def __init__(self, kind: str, folder: Path) -> None:
        places = places_at(folder, find_places().tools)
        self.server: Any = (
            Cluster(places, PASSWORDS) if kind == "postgres" else Cache(places, PASSWORDS["valkey"])
        )
        self.known: Known = self.server.start()

    def kill(self) -> None:
        """kill -9 of the server itself; PostgreSQL's backends notice and go."""
        os.kill(self.known.pid, signal.SIGKILL)
        os.waitpid(self.known.pid, 0)

    def start(self) -> None:
        """On the same port, as after a crash."""
        port = self.server.port
        self.known = self.server.start(port)
        assert self.server.port == port

    def stop(self) -> None:
        """Its data too: root's lies outside of the home."""
        stop(self.known, signal.SIGINT)
        shutil.rmtree(self.server.data, ignore_errors=True)
        if isinstance(self.server, Cluster) and self.server.data.parent.name == self.server.places.key:
            self.server.data.parent.rmdir()


@contextmanager
def own_server(kind: str) -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory(
        prefix="tripact-test-", dir="/tmp", ignore_cleanup_errors=True
    ) as folder:
        server = OwnServer(kind, Path(folder))
        try:
            yield server
        finally:
            server.stop()
