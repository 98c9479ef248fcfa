"""Orders placed through HTTP with an API key, against the same rows written by hand-made SQL.

24 lines each, one SKU in every order, 20 applicable price lists, 10 schemes, limits, a contract
with spread terms, credit, reservation, ledger, facts, outbox; gunicorn with several workers, a
synchronous keep-alive client. Afterwards every posting is asserted: facts, stock and ledger equal
the fold of their sources, and the chain of digests holds.

    ./run bench place-order [--orders 240] [--workers 4]
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
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import bare_orders, keep_alive  # noqa: E402
from benchmarks.emptied import analyse, emptied, fresh_tenant  # noqa: E402
from benchmarks.wholesale_market import Market, baskets, build, largest_basket  # noqa: E402
from integrations.models import ApiKey  # noqa: E402
from ledger.models import Account, Book  # noqa: E402
from ledger.operations.verification import wrongs  # noqa: E402
from ordering.models import Order  # noqa: E402
from ordering.queries.orders import order_facts  # noqa: E402
from ordering.queries.reconciliation import differences  # noqa: E402
from tenancy.context import tenant_active  # noqa: E402
from tenancy.models import new_id  # noqa: E402

CONCURRENCIES = (1, 4)
LARGEST_ORDERS = 7


def main(argv: Sequence[str]) -> int:
    """Prints one JSON line: orders_per_s, p50_ms, p95_ms by concurrency, largest_order_ms (an order of
    1,114 lines, alone), sql_per_order, bare, ratio."""
    options = _options(argv)
    now = timezone.now()
    tenant_id = fresh_tenant("place-order", since=timezone.localdate(now).replace(day=1), months=2)
    with tenant_active(tenant_id):
        market = build(timezone.localdate(now), now)
    analyse("pricing_priceentry", "pricing_pricelist", "catalogue_product", "ordering_stock", "dealers_party")
    answer: dict[str, Any] = {"orders_per_s": {}, "p50_ms": {}, "p95_ms": {}}
    with _serving(options.workers) as (host, port):
        keep_alive.hammer(host, port, _requests(market, 8 * options.workers, seed=1), options.workers)
        for concurrency in CONCURRENCIES:
            count = options.orders if concurrency > 1 else max(options.orders // 2, 20)
            requests = _requests(market, count, seed=concurrency + 10)
            seconds, times = keep_alive.hammer(host, port, requests, concurrency)
            answer["orders_per_s"][str(concurrency)] = round(count / seconds, 1)
            answer["p50_ms"][str(concurrency)] = round(statistics.median(times), 1)
            answer["p95_ms"][str(concurrency)] = round(statistics.quantiles(times, n=20)[-1], 1)
            _say(f"concurrency {concurrency}: {answer['orders_per_s'][str(concurrency)]} orders/s")
        requests = [_request(market, n, largest_basket(n)) for n in range(LARGEST_ORDERS)]
        _seconds, times = keep_alive.hammer(host, port, requests, 1)
        answer["largest_order_ms"] = round(statistics.median(times), 1)
        _say(f"the largest order: {answer['largest_order_ms']} ms")
    answer["sql_per_order"] = _statements(market)
    answer["bare_orders_per_s"] = _bare(tenant_id, options.orders)
    answer["ratio"] = {
        key: round(answer["orders_per_s"][key] / answer["bare_orders_per_s"][key], 3)
        for key in answer["orders_per_s"]
    }
    _assert_all(tenant_id)
    emptied()
    print(json.dumps(answer))
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="place-order")
    parser.add_argument("--orders", type=int, default=320)
    parser.add_argument("--workers", type=int, default=4)
    return parser.parse_args(argv)


def _requests(market: Market, count: int, *, seed: int) -> list[bytes]:
    return [_request(market, n * 7 + seed, lines) for n, lines in enumerate(baskets(count, seed))]


def _request(market: Market, number: int, lines: list[dict[str, Any]]) -> bytes:
    buyer = market.members[number % len(market.members)]
    body = {"seller": str(market.seller_id), "buyer": str(buyer), "lines": lines}
    return keep_alive.post("/api/v1/orders", body, key=market.key, once=str(new_id()))


@contextmanager
def _serving(workers: int) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--threads", "2", "--preload", "--keep-alive", "30",
        "--worker-tmp-dir", tempfile.gettempdir(), "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    limits = {
        "API_RATE_PER_KEY": "100000000", "API_RATE_PER_ADDRESS": "100000000",
        "API_FAILURES_PER_ADDRESS": "100000000", "LOG_LEVEL": "ERROR",
        "DEBUG": "0",
    }  # fmt: skip
    served = subprocess.Popen(command, env=os.environ | limits, stdout=sys.stderr)
    try:
        _wait_for(port, served)
        yield "127.0.0.1", port
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
    """The SQL statements of one whole request: key, tenant, idempotency and savepoints included."""
    client, counts = Client(SERVER_NAME="localhost"), []
    for lines in baskets(2, seed=99):
        body = {"seller": str(market.seller_id), "buyer": str(market.members[0]), "lines": lines}
        headers = {"Authorization": f"Bearer {market.key}", "Idempotency-Key": str(new_id())}
        with CaptureQueriesContext(connection) as captured:
            told = client.post("/api/v1/orders", body, content_type="application/json", headers=headers)
        if told.status_code != 201:
            raise RuntimeError(told.content)
        counts.append(len(captured))
    return counts[-1]


def _bare(tenant_id: UUID, count: int) -> dict[str, float]:
    """Orders a second of the same rows without the application, by concurrency."""
    with tenant_active(tenant_id):
        key = ApiKey.objects.values_list("id", flat=True).get()
        books = {book.buyer_id: book.id for book in Book.objects.all()}
        accounts: dict[UUID, dict[str, UUID]] = {}
        for book_id, kind, account in Account.objects.values_list("book_id", "kind", "id"):
            accounts.setdefault(book_id, {})[kind] = account
        ids = Order.objects.order_by("-id").values_list("id", flat=True)[:count]
        rows = []
        for order_id in list(ids):
            order = order_facts(order_id)
            assert order is not None
            book = books[order.buyer_id]
            rows.append(
                bare_orders.rows_of(order, tenant=tenant_id, book=book, accounts=accounts[book], key=key)
            )
    connections.close_all()
    found = {}
    for concurrency in CONCURRENCIES:
        found[str(concurrency)] = round(bare_orders.hammer(rows, concurrency), 1)
        _say(f"bare, concurrency {concurrency}: {found[str(concurrency)]} orders/s")
    return found


def _assert_all(tenant_id: UUID) -> None:
    with tenant_active(tenant_id):
        wrong = [*differences(), *wrongs()]
        if wrong:
            raise SystemExit(f"what is posted does not add up: {wrong[:5]}")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
