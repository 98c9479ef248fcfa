"""Orders placed while the cache hangs: a Valkey of its own, stopped by SIGSTOP for some seconds.

The market and the requests are those of place-order. Every answer must be 201.

    ./run bench stalled-cache [--seconds 10] [--concurrency 4] [--workers 4]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import django

django.setup()

from django.utils import timezone

from benchmarks import place_order
from benchmarks.emptied import analyse, emptied, fresh_tenant
from benchmarks.keep_alive import Connection
from benchmarks.wholesale_market import build
from ops.places import find_places, places_at
from ops.processes import Known, stop
from ops.valkey import Cache
from tenancy.context import tenant_active

FIRST_SECOND, MAX_ORDERS_A_SECOND = 1.0, 200
Sample = tuple[float, float]  # when a request was sent, and the milliseconds until its answer


def main(argv: Sequence[str]) -> int:
    """Print one JSON line: p95_ms before the stall, in its first second, after it, and once it is over.

    `slowest_ms` is the slowest answer after the first second, `orders` the orders of the stall.
    """
    options = _options(argv)
    now = timezone.now()
    tenant_id = fresh_tenant("stalled-cache", since=timezone.localdate(now).replace(day=1), months=2)
    with tenant_active(tenant_id):
        market = build(timezone.localdate(now), now)
    analyse("pricing_priceentry", "pricing_pricelist", "catalogue_product", "ordering_stock", "dealers_party")
    count = int(options.seconds * MAX_ORDERS_A_SECOND)
    with _own_cache() as (cache, url), place_order.serving(options.workers, REDIS_URL=url) as server:

        def sample(seconds: float, seed: int) -> list[Sample]:
            requests = place_order.requests_of(market, count, seed=seed)
            return _sample(server, requests, seconds, options.concurrency)

        sample(3, seed=1)
        before = sample(5, seed=10_001)
        os.kill(cache.pid, signal.SIGSTOP)
        began = time.perf_counter()
        try:
            stalled = sample(options.seconds, seed=20_001)
        finally:
            os.kill(cache.pid, signal.SIGCONT)
        after = sample(5, seed=30_001)
    emptied()
    first = [ms for at, ms in stalled if at - began < FIRST_SECOND]
    later = [ms for at, ms in stalled if at - began >= FIRST_SECOND]
    answer = {
        "p95_ms": {
            "before": _p95([ms for _at, ms in before]),
            "first_second": _p95(first),
            "stalled": _p95(later),
            "after": _p95([ms for _at, ms in after]),
        },
        "slowest_ms": round(max(later), 1),
        "orders": len(stalled),
    }
    print(json.dumps(answer))
    return 0


@contextmanager
def _own_cache() -> Iterator[tuple[Known, str]]:
    with tempfile.TemporaryDirectory(prefix="tripact-bench-") as folder:
        cache = Cache(places_at(Path(folder), find_places().tools), "only-for-benchmarks")
        process = cache.start()
        try:
            yield process, cache.url()
        finally:
            stop(process)


def _sample(
    server: place_order.Server, requests: Sequence[bytes], seconds: float, concurrency: int
) -> list[Sample]:
    """Send requests over `concurrency` connections for some seconds. Raises RuntimeError on any but 201."""
    samples: list[Sample] = []
    wrong: list[str] = []
    end = time.perf_counter() + seconds

    def run(share: Sequence[bytes]) -> None:
        connection = Connection(server.host, server.port)
        for request in share:
            began = time.perf_counter()
            if began >= end:
                return
            status, body = connection.send(request)
            samples.append((began, (time.perf_counter() - began) * 1000))
            if status != 201:
                wrong.append(f"{status} {body[:300]!r}")
                return

    threads = [Thread(target=run, args=[requests[i::concurrency]]) for i in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} were not placed: {wrong[:3]}")
    print(f"{len(samples)} orders in {seconds:.0f} s", file=sys.stderr, flush=True)
    return samples


def _p95(times: Sequence[float]) -> float:
    return round(statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0], 1)


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="stalled-cache")
    parser.add_argument("--seconds", type=float, default=10, help="that the cache hangs")
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--workers", type=int, default=4)
    return parser.parse_args(argv)
