"""Rate limits, counted in Redis by name."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import redis
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest

MINUTE, HOUR = 60, 3600
TIMEOUT_SECONDS = 0.5
FREE, MAX_WAIT_SECONDS = 20, 15 * MINUTE
log = logging.getLogger(__name__)


def wait_for_turn(name: str, limit: int, *, window: int = MINUTE) -> int:
    """Count one event; return the seconds to wait if there were more than `limit` in the window, else 0.

    `window` is in seconds. With a limit of 0 nothing is counted. Without Redis nothing is refused, and a
    warning is logged.
    """
    return wait_for_turns({name: limit}, window=window)[name]


def wait_for_turns(limits: Mapping[str, int], *, window: int = MINUTE) -> dict[str, int]:
    """Count one event for each name in one round trip; return the seconds to wait by name.

    It is `wait_for_turn` for several limits by name.
    """
    counted = [name for name, limit in limits.items() if limit > 0]
    counts = dict(zip(counted, _counted(counted, window), strict=True)) if counted else {}
    rest = window - int(time.time()) % window
    return {name: rest if counts.get(name, 0) > limit > 0 else 0 for name, limit in limits.items()}


def wait_longer_each_time(name: str) -> int:
    """Take a turn; return the seconds to wait, else 0.

    FREE turns need no wait. Each later one doubles the wait up to MAX_WAIT_SECONDS, until forget() or an
    hour without a turn. Two simultaneous calls do not get the same turn.
    """
    key = _slow(name)
    try:
        client = _client(settings.REDIS_URL)
        waiting = int(client.ttl(f"{key}:wait"))
        if waiting > 0:
            return waiting
        turns = int(client.incr(key))
        client.expire(key, HOUR)
        if turns <= FREE:
            return 0
        wait = min(2 ** (turns - FREE), MAX_WAIT_SECONDS)
        if client.set(f"{key}:wait", "1", nx=True, ex=wait):
            return 0
        return max(int(client.ttl(f"{key}:wait")), 1)
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})
        return 0


def forget(name: str) -> None:
    """Reset the turns of `wait_longer_each_time`, after a correct attempt."""
    key = _slow(name)
    try:
        _client(settings.REDIS_URL).delete(key, f"{key}:wait")
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})


def address_of(request: HttpRequest) -> str:
    """Return the address that a request counts for, as axes finds it; "unknown" if there is none."""
    return get_client_ip_address(request) or "unknown"


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def _slow(name: str) -> str:
    space = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"slow:{space}:{hashlib.sha256(name.encode()).hexdigest()}"


_COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCR', key)
  if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return counts
"""


@cache
def _counter(url: str) -> Any:
    """Return the script that counts on the server: one command, so that each count has an expiry."""
    return _client(url).register_script(_COUNT)


def _counted(names: Sequence[str], window: int) -> list[int]:
    """Return the counts in this window, including this request, in one round trip."""
    moment = int(time.time()) // window
    keys = [f"rate:{name}:{window}:{moment}" for name in names]
    try:
        return [int(count) for count in _counter(settings.REDIS_URL)(keys=keys, args=[2 * window])]
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})
        return [0] * len(names)
