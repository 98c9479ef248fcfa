"""A cache that hangs (SIGSTOP) is no outage: orders go on as if there were none."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.crash.battlefield import Battlefield

CONCURRENCY, STALLED_SECONDS, FIRST_SECOND = 4, 10.0, 1.0
MAX_SECONDS_AN_ORDER = 2.0
_number = count(1).__next__


def test_orders_go_on_while_the_cache_hangs(battlefield: Battlefield) -> None:
    battlefield.start("web")
    dealer, maker = battlefield.world.dealers[0].party, battlefield.world.manufacturer
    lines = [{"sku": f"{battlefield.world.mark}-1", "qty": 1}]
    stock = {
        "party": maker.code,
        "source": "stalled-cache",
        "lines": [{"sku": lines[0]["sku"], "on_hand": 10**6}],
    }
    assert battlefield.post("stock", stock, "stalled-stock")[0] == 201
    order = {"seller": maker.code, "buyer": dealer.code, "lines": lines}
    answers: list[tuple[float, float, int]] = []

    def place_until(end: float) -> None:
        while (began := time.monotonic()) < end:
            status, _body = battlefield.post("orders", order, f"stalled-{_number()}")
            answers.append((began, time.monotonic() - began, status))

    with ThreadPoolExecutor(CONCURRENCY) as crowd:
        list(crowd.map(place_until, [time.monotonic() + 1] * CONCURRENCY))
        answers.clear()
        os.kill(battlefield.cache.known.pid, signal.SIGSTOP)
        stalled_at = time.monotonic()
        try:
            list(crowd.map(place_until, [stalled_at + STALLED_SECONDS] * CONCURRENCY))
        finally:
            os.kill(battlefield.cache.known.pid, signal.SIGCONT)
    assert {status for _began, _seconds, status in answers} == {201}
    later = [seconds for began, seconds, _status in answers if began > stalled_at + FIRST_SECOND]
    assert max(later) < MAX_SECONDS_AN_ORDER, "each order took 3 s when each waited for the cache"
    assert battlefield.running["web"].said("cache_breaker_open")
