"""The embedded servers that several `./run` processes share: found running, or started.

A lock counts the processes that use them; the last one to leave stops them. The lock of a killed
process ends with it, so the next one finds its servers, uses them, and stops them.
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from ops.file_lock import Attendance, alone
from ops.places import Places
from ops.postgres import Cluster, stop_postgres
from ops.processes import Known
from ops.say import say, step
from ops.secrets_file import read_secrets
from ops.valkey import Cache, stop_valkey

HOW_TO_STOP = {"postgres": stop_postgres, "valkey": stop_valkey}


class Servers:
    """PostgreSQL and Valkey of one home, each only where the environment names no other."""

    def __init__(self, places: Places, *, own: bool = False) -> None:
        self.places = places
        self.secrets = read_secrets(places.home / "secrets.json")
        self.running: dict[str, Known] = {}
        self.kinds: dict[str, Cluster | Cache] = {}
        if own or not foreign("DATABASE_URL", self.secrets["app"], "/tripact"):
            self.kinds["postgres"] = Cluster(places, self.secrets)
        if own or not foreign("REDIS_URL", self.secrets["valkey"], "/0"):
            self.kinds["valkey"] = Cache(places, self.secrets["valkey"])

    def ensure(self) -> None:
        """Start what does not run; a process counts only if it is the recorded one."""
        recorded = read_state(self.places)
        for kind, server in self.kinds.items():
            entry = recorded.get(kind, {"pid": 0, "born": "", "port": 0})
            known = Known(entry["pid"], entry["born"])
            if known.born and known.alive():
                server.port = entry["port"]
            else:
                known = self.start(kind, server, entry["port"])
                recorded[kind] = {**asdict(known), "port": server.port}
                write_state(self.places, recorded)
            self.running[kind] = known

    def start(self, kind: str, server: Cluster | Cache, port: int) -> Known:
        if isinstance(server, Cluster) and (orphan := server.left_running()):
            stop_postgres(orphan)
        with step(f"starting {kind}"):
            return server.start(port)

    def died(self) -> list[str]:
        return [kind for kind, known in self.running.items() if not known.alive()]

    def environment(self, database: str = "tripact") -> dict[str, str]:
        """Return the variables that name the servers; those that the caller has set are not among them."""
        found: dict[str, str] = {}
        cluster, cache = self.kinds.get("postgres"), self.kinds.get("valkey")
        if isinstance(cluster, Cluster):
            found["DATABASE_URL"] = cluster.url("app", database)
            found["OWNER_DATABASE_URL"] = cluster.url("owner", database)
            found["BACKUP_DATABASE_URL"] = cluster.url("backup", database)
        if isinstance(cache, Cache):
            found["REDIS_URL"] = cache.url(0 if database == "tripact" else 1)
        return found


def foreign(variable: str, password: str, path: str) -> bool:
    """Return whether the caller names a server of their own.

    An embedded server, exported by an earlier `./run servers`, may have another port by now.
    """
    url = urlsplit(os.environ.get(variable, ""))
    return bool(url.netloc) and not (url.password == password and url.path == path)


def read_state(places: Places) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((places.run / "servers.json").read_text())
    except (OSError, ValueError):
        return {}
    return state


def write_state(places: Places, state: dict[str, Any]) -> None:
    fresh = places.run / "servers.json.new"
    fresh.write_text(json.dumps(state))
    fresh.rename(places.run / "servers.json")


def stop_recorded(places: Places) -> None:
    """Stop the recorded servers, which include those started in part or by another `run`."""
    recorded = {kind: Known(one["pid"], one["born"]) for kind, one in read_state(places).items()}
    running = {kind: known for kind, known in recorded.items() if known.born and known.alive()}
    if not running:
        return
    say(f"· stopping {' and '.join(running)}")
    with ThreadPoolExecutor(len(running)) as pool:
        list(pool.map(lambda kind: HOW_TO_STOP[kind](running[kind]), running))


@contextmanager
def attending(places: Places, *, own: bool = False) -> Iterator[Servers]:
    """Yield servers that run as long as this block or another process needs them."""
    attendance = Attendance(places.run / "servers.users")
    attendance.enter()
    try:
        with alone(places.run / "servers.start"):
            servers = Servers(places, own=own)
            servers.ensure()
        yield servers
    finally:
        if attendance.leave():
            stop_recorded(places)
        attendance.close()
