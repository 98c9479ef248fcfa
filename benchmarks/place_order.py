"""Orders placed through HTTP with an API key, against the same rows written by hand-made SQL.

24 lines each, one SKU in every order, 20 applicable price lists, 10 schemes, limits, a contract
with spread terms, credit, reservation, ledger, facts, outbox; gunicorn with several workers, a
synchronous keep-alive client. Slices of the application and of the bare side alternate
(benchmarks.slices). Afterwards every posting is asserted: facts, stock and ledger equal the fold of
their sources, and the chain of digests holds.

    ./run bench place-order [--orders 60] [--slices 8] [--workers 4]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks import bare_orders, keep_alive
from benchmarks.emptied import analyse, emptied, fresh_tenant
from benchmarks.slices import alternate, children_of, cpu_seconds, median_and_quartiles
from benchmarks.wholesale_market import Market, baskets, build, largest_basket
from integrations.models import ApiKey
from ledger.models import Account, Book
from ledger.operations.verification import violations
from ordering.models import Order
from ordering.queries.orders import order_facts
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tenancy.models import new_id

CONCURRENCIES = (1, 4)
LARGEST_ORDERS = 7
WITHIN_FUNCTIONS = 19
"""What functions execute inside the database: `enter_by_key` two settings, the key, the tenant and the
claim; two each `write_order` and `write_outbox_message`; one each the others of docs/adr/0029."""


def main(argv: Sequence[str]) -> int:
    """Print one JSON line, by concurrency where that is named.

    orders_per_s, bare_orders_per_s, ratio: medians of the slices; `quartiles` the lower and upper
    one of each. p50_ms, p95_ms: of all requests. cpu_ms: processor time an order of the web
    processes and of their database sessions. largest_order_ms: an order of 1,114 lines, alone.
    sql_per_order: the statements of one request with BEGIN, COMMIT and savepoints; a call of a
    function is one, as its own statements need no round trip; sql_within_function counts them.
    """
    options = _options(argv)
    now = timezone.now()
    tenant_id = fresh_tenant("place-order", since=timezone.localdate(now).replace(day=1), months=2)
    with tenant_active(tenant_id):
        market = build(timezone.localdate(now), now)
    analyse("pricing_priceentry", "pricing_pricelist", "catalogue_product", "ordering_stock", "dealers_party")
    names = ("orders_per_s", "bare_orders_per_s", "ratio", "quartiles", "p50_ms", "p95_ms", "cpu_ms")
    answer: dict[str, Any] = {name: {} for name in names}
    with serving(options.workers) as server:
        server.hammer(requests_of(market, max(60, 8 * options.workers), seed=1), options.workers)
        bare_rows = _bare_rows(tenant_id, options.orders)
        for concurrency in CONCURRENCIES:
            _measure(answer, server, market, bare_rows, concurrency, options)
        requests = [_request(market, n, largest_basket(n)) for n in range(LARGEST_ORDERS)]
        _seconds, times = server.hammer(requests, 1)
        answer["largest_order_ms"] = round(statistics.median(times), 1)
        _say(f"the largest order: {answer['largest_order_ms']} ms")
    answer["sql_per_order"] = _statements(market)
    answer["sql_within_function"] = WITHIN_FUNCTIONS
    _assert_all(tenant_id)
    emptied()
    print(json.dumps(answer))
    return 0


def _measure(
    answer: dict[str, Any],
    server: Server,
    market: Market,
    bare_rows: Sequence[dict[str, Any]],
    concurrency: int,
    options: argparse.Namespace,
) -> None:
    """Alternate slices of both sides at one concurrency, and write the medians into the answer."""
    times: list[float] = []
    cpu: list[float] = []

    def application(n: int) -> float:
        requests = requests_of(market, options.orders, seed=1000 * concurrency + n)
        before = server.cpu_seconds()
        seconds, of_slice = server.hammer(requests, concurrency)
        cpu.append((server.cpu_seconds() - before) * 1000 / len(requests))
        times.extend(of_slice)
        return len(requests) / seconds

    def bare(_n: int) -> float:
        rows = [bare_rows[i % len(bare_rows)] for i in range(2 * options.orders)]
        return bare_orders.hammer(rows, concurrency)

    pairs = alternate(options.slices, application, bare)
    key, quartiles = str(concurrency), {}
    for name, values, places in (
        ("orders_per_s", [one.application for one in pairs], 1),
        ("bare_orders_per_s", [one.bare for one in pairs], 1),
        ("ratio", [one.ratio for one in pairs], 3),
        ("cpu_ms", cpu, 1),
    ):
        answer[name][key], quartiles[name] = median_and_quartiles(values, places)
    answer["quartiles"][key] = quartiles
    answer["p50_ms"][key] = round(statistics.median(times), 1)
    answer["p95_ms"][key] = round(statistics.quantiles(times, n=20)[-1], 1)
    _say(
        f"concurrency {key}: {answer['orders_per_s'][key]} orders/s, bare"
        f" {answer['bare_orders_per_s'][key]}, ratio {answer['ratio'][key]} {quartiles['ratio']}"
    )


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="place-order")
    parser.add_argument("--orders", type=int, default=60, help="of the application in a slice")
    parser.add_argument("--slices", type=int, default=8, help="pairs of slices at each concurrency")
    parser.add_argument("--workers", type=int, default=4)
    return parser.parse_args(argv)


def requests_of(market: Market, count: int, *, seed: int) -> list[bytes]:
    return [_request(market, n * 7 + seed, lines) for n, lines in enumerate(baskets(count, seed))]


def _request(market: Market, number: int, lines: list[dict[str, Any]]) -> bytes:
    buyer = market.members[number % len(market.members)]
    body = {"seller": str(market.seller_id), "buyer": str(buyer), "lines": lines}
    return keep_alive.post("/api/v1/orders", body, key=market.key, once=str(new_id()))


@dataclass(frozen=True, slots=True)
class Server:
    """The application's processes, and the address that they answer at."""

    host: str
    port: int
    pid: int

    def hammer(self, requests: Sequence[bytes], concurrency: int) -> tuple[float, list[float]]:
        return keep_alive.hammer(self.host, self.port, requests, concurrency)

    def cpu_seconds(self) -> float:
        """Processor time of the web processes and of the database's sessions with them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = current_user AND pid <> pg_backend_pid()"
            )
            sessions = [pid for (pid,) in cursor.fetchall()]
        connection.close()
        return cpu_seconds([*children_of(self.pid), *sessions])


@contextmanager
def serving(workers: int, **variables: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        str(workers),
        "--threads",
        "2",
        "--preload",
        "--keep-alive",
        "30",
        "--worker-tmp-dir",
        tempfile.gettempdir(),
        "--log-level",
        "error",
        "--no-control-socket",
    ]
    limits = {
        "API_RATE_PER_KEY": "100000000",
        "API_RATE_PER_ADDRESS": "100000000",
        "API_FAILURES_PER_ADDRESS": "100000000",
        "LOG_LEVEL": "ERROR",
        "DEBUG": "0",
    }
    served = subprocess.Popen(command, env=os.environ | limits | variables, stdout=sys.stderr)
    try:
        _wait_for(port, served)
        yield Server("127.0.0.1", port, served.pid)
    finally:
        served.terminate()
        served.wait(30)


def _wait_for(port: int, served: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and served.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("gunicorn does not answer")


def _statements(market: Market) -> int:
    """The SQL statements of one whole request: entrance, BEGIN, COMMIT and savepoints included."""
    client, counts = Client(SERVER_NAME="localhost"), []
    for lines in baskets(2, seed=99):
        body = {"seller": str(market.seller_id), "buyer": str(market.members[0]), "lines": lines}
        headers = {"Authorization": f"Bearer {market.key}", "Idempotency-Key": str(new_id())}
        with CaptureQueriesContext(connection) as captured:
            response = client.post("/api/v1/orders", body, content_type="application/json", headers=headers)
        if response.status_code != 201:
            raise RuntimeError(response.content)
        counts.append(len(captured))
    return counts[-1]


def _bare_rows(tenant_id: UUID, count: int) -> list[dict[str, Any]]:
    """The rows of the last orders, for the bare side to write again."""
    with tenant_active(tenant_id):
        key = ApiKey.objects.values_list("id", flat=True).get()
        books = {book.buyer_id: book.id for book in Book.objects.all()}
        accounts: dict[UUID, dict[str, UUID]] = {}
        for book_id, kind, account in Account.objects.values_list("book_id", "kind", "id"):
            accounts.setdefault(book_id, {})[kind] = account
        rows = []
        for order_id in list(Order.objects.order_by("-id").values_list("id", flat=True)[:count]):
            order = order_facts(order_id)
            assert order is not None
            book = books[order.buyer_id]
            rows.append(
                bare_orders.rows_of(order, tenant=tenant_id, book=book, accounts=accounts[book], key=key)
            )
    connections.close_all()
    return rows


def _assert_all(tenant_id: UUID) -> None:
    with tenant_active(tenant_id):
        wrong = [*differences(), *violations()]
        if wrong:
            raise SystemExit(f"what is posted does not add up: {wrong[:5]}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
