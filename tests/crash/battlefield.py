"""What is shot at, where a action is held still meanwhile, and what must be the same afterwards.

A action is held by a trigger that the test puts on a table: it waits as long as a row of
`paused_here` is there. The product knows nothing of it.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection, connections

from config import celery_app
from ledger.operations.verification import violations
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tests.isolation.world import World
from tests.processes import OwnServer, Running, send_to, until, web, worker

SUMS = {
    "orders": "SELECT count(*), coalesce(sum(total), 0), coalesce(sum(open_amount), 0) FROM ordering_order",
    "lines": "SELECT count(*), sum(qty), sum(shipped_qty), sum(delivered_qty), sum(returned_qty)"
    " FROM ordering_orderline",
    "shipments": "SELECT count(*), coalesce(sum(amount), 0), count(delivered_at) FROM ordering_shipment",
    "returns": "SELECT count(*), coalesce(sum(credit), 0) FROM ordering_return",
    "stock": "SELECT sum(on_hand), sum(hard), sum(soft) FROM ordering_stock",
    "movements": "SELECT count(*), coalesce(sum(qty), 0) FROM ordering_stockmovement",
    "journals": "SELECT count(*) FROM ledger_journal",
    "entries": "SELECT count(*), sum(amount), sum(abs(amount)) FROM ledger_entry",
    "balances": "SELECT sum(balance), sum(abs(balance)) FROM ledger_account",
    "facts": "SELECT sum(ordered_net), sum(delivered_net), sum(returned_net) FROM ordering_tradefact",
    "statements": "SELECT count(*), coalesce(sum(due), 0) FROM rebates_statement",
    "settlements": "SELECT count(settled_at), coalesce(sum(due), 0) FROM rebates_settlement",
    "messages": "SELECT count(*) FROM jobs_outboxmessage",
}
QUEUE = "celery"
Sums = dict[str, list[Any]]


@dataclass
class Battlefield:
    cluster: OwnServer
    cache: OwnServer
    told: dict[str, str]
    folder: Path
    world: World
    running: dict[str, Running] = field(default_factory=dict)
    worker_lost_cache: bool = False
    address: str = ""
    stack: ExitStack = field(default_factory=ExitStack)

    def start(self, *kinds: str) -> None:
        for kind in kinds:
            if kind in self.running:
                continue
            if kind == "web":
                self.running[kind], self.address = self.stack.enter_context(
                    web(self.told, self.folder, workers=2, threads=8)
                )
            else:
                self.running[kind] = self.stack.enter_context(worker(self.told, self.folder))
                self.worker_lost_cache = False

    def kill(self, victim: str) -> None:
        """kill -9, without a word."""
        if victim in self.running:
            self.running.pop(victim).kill()
        else:
            {"database": self.cluster, "cache": self.cache}[victim].kill()
            self.worker_lost_cache |= victim == "cache"

    def revive(self, victim: str) -> None:
        """Starts the victim again, once what held the action is gone."""
        if victim in {"database", "cache"}:
            {"database": self.cluster, "cache": self.cache}[victim].start()
            for alias in ("default", "owner"):
                connections[alias].close()
            send_to(self.cache.server.url())
        else:
            self.start(victim)

    def let_worker_rest(self) -> None:
        """The worker takes no message from now on. One whose cache was killed ends.

        Celery takes messages again after that, but orders do not always reach it.
        """
        if "worker" not in self.running:
            return
        if self.worker_lost_cache:
            self.running.pop("worker").stop()
        else:
            self._order("cancel_consumer")

    def let_worker_work(self) -> None:
        if "worker" in self.running:
            self._order("add_consumer")
        else:
            self.start("worker")

    def _order(self, what: str) -> None:
        until(lambda: getattr(celery_app.control, what)(QUEUE, reply=True, timeout=2, limit=1), what)

    def clear(self) -> None:
        self.stack.close()
        self.running.clear()
        connections.close_all()

    def post(self, path: str, body: Any, key: str) -> tuple[int, Any]:
        """One write with an Idempotency-Key; (0, …) where nobody answered. The buyer receives."""
        bearer = self.world.dealers[0].key if path.endswith("/deliver") else self.world.key
        request = urllib.request.Request(
            f"{self.address}/api/v1/{path}",
            json.dumps(body).encode(),
            {
                "Authorization": f"Bearer {bearer}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except (OSError, ValueError) as error:
            return 0, repr(error)

    def sums(self) -> Sums:
        with tenant_active(self.world.tenant), connection.cursor() as cursor:
            found = {}
            for name, sql in SUMS.items():
                cursor.execute(f"{sql} WHERE tenant_id = %s", [self.world.tenant.id])
                found[name] = list(cursor.fetchone())
            return found

    def proofs(self) -> list[Any]:
        """What does not equal its fold, and what is wrong in the ledger."""
        with tenant_active(self.world.tenant):
            return [*differences(), *violations()]

    @contextmanager
    def held(self, table: str, at_commit: bool = False) -> Iterator[Any]:
        """Statements that insert into the table wait until the block ends, or their commit does."""
        with self._owner() as cursor:
            cursor.execute(
                "CREATE TABLE paused_here AS SELECT 1 AS one; GRANT SELECT ON paused_here TO PUBLIC"
            )
            cursor.execute(
                "CREATE FUNCTION pause_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " WHILE EXISTS (SELECT FROM paused_here) LOOP PERFORM pg_sleep(0.05); END LOOP;"
                " RETURN NULL; END $$"
            )
            how = "CONSTRAINT TRIGGER" if at_commit else "TRIGGER"
            rows = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW" if at_commit else "FOR EACH STATEMENT"
            cursor.execute(
                f"CREATE {how} pause_here AFTER INSERT{'' if at_commit else ' OR UPDATE'} ON {table} {rows}"
                " EXECUTE FUNCTION pause_here()"
            )
        try:
            yield self._reached
        finally:
            self._unhold()

    def _unhold(self) -> None:
        """Lets the held statement go (its client is dead by now), then takes the trigger away."""

        def gone() -> bool:
            try:
                with self._owner() as cursor:
                    cursor.execute("DELETE FROM paused_here")
                    cursor.execute("SET lock_timeout = '1s'; DROP FUNCTION IF EXISTS pause_here() CASCADE")
                    cursor.execute("DROP TABLE paused_here")
            except psycopg2.Error:
                return False
            return True

        until(gone, "the trigger to go")

    @contextmanager
    def broken(self, table: str) -> Iterator[None]:
        """Every insert into the table fails."""
        with self._owner() as cursor:
            cursor.execute(
                "CREATE FUNCTION break_here() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'broken by the test'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER break_here BEFORE INSERT ON {table} EXECUTE FUNCTION break_here()"
            )
        try:
            yield
        finally:
            with self._owner() as cursor:
                cursor.execute("DROP FUNCTION break_here() CASCADE")

    def _reached(self) -> bool:
        with self._owner() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            return bool(cursor.fetchone()[0])

    @contextmanager
    def _owner(self) -> Iterator[Any]:
        """A superuser's cursor: it sees the others' activity."""
        cluster = self.cluster.server
        line = psycopg2.connect(
            host="127.0.0.1",
            port=cluster.port,
            user="postgres",
            password=cluster.passwords["superuser"],
            dbname="tripact",
            connect_timeout=5,
        )
        line.autocommit = True
        try:
            with line.cursor() as cursor:
                yield cursor
        finally:
            line.close()


def difference(before: Sums, after: Sums) -> Sums:
    return {
        name: [new - (old or 0) for old, new in zip(before[name], after[name], strict=True)] for name in after
    }


def in_background(work: Any) -> list[Any]:
    """Runs it in a thread; the list gets its answer."""
    answers: list[Any] = []
    threading.Thread(target=lambda: answers.append(work()), daemon=True).start()
    time.sleep(0.05)
    return answers
