"""Rate limits, counted in the cache by name. Without the cache nothing is counted and nobody waits."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import redis
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.retry import Retry

from jobs.optional_cache import seconds_per_use, use_cache

MINUTE, HOUR = 60, 3600
FREE, MAX_WAIT_SECONDS = 20, 15 * MINUTE


def wait_for_turn(name: str, limit: int, *, window: int = MINUTE) -> int:
    """Count one event; return the seconds to wait if there were more than `limit` in the window, else 0.

    `window` is in seconds. With a limit of 0 nothing is counted. Without the cache nothing is refused.
    """
    return wait_for_turns({name: limit}, window=window)[name]


def wait_for_turns(limits: Mapping[str, int], *, window: int = MINUTE) -> dict[str, int]:
    """Count one event for each name in one round trip; return the seconds to wait by name.

    It is `wait_for_turn` for several limits by name.
    """
    counted = [name for name, limit in limits.items() if limit > 0]
    counts = dict(zip(counted, _counted(counted, window), strict=True)) if counted else {}
    rest = _rest_of(window)
    return {name: rest if counts.get(name, 0) > limit > 0 else 0 for name, limit in limits.items()}


def wait_after_work(name: str, steps: int, limit: int) -> int:
    """Count `steps` of work; return the seconds to wait if this minute has had more than `limit`, else 0."""
    if limit <= 0 or steps <= 0:
        return 0
    return _rest_of(MINUTE) if _counted([name], MINUTE, steps)[0] > limit else 0


def wait_longer_each_time(name: str) -> int:
    """Take a turn; return the seconds to wait, else 0.

    FREE turns need no wait. Each later one doubles the wait up to MAX_WAIT_SECONDS, until forget() or an
    hour without a turn. Two simultaneous calls do not get the same turn.
    """
    return use_cache(lambda: _wait_after_turn(_slow(name)), 0)


def _wait_after_turn(key: str) -> int:
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


def forget(name: str) -> None:
    """Reset the turns of `wait_longer_each_time`, after a correct attempt."""
    key = _slow(name)
    use_cache(lambda: _client(settings.REDIS_URL).delete(key, f"{key}:wait"), None)


def address_of(request: HttpRequest) -> str:
    """Return the address that a request counts for, as axes finds it; "unknown" if there is none."""
    return get_client_ip_address(request) or "unknown"


@cache
def _client(url: str) -> redis.Redis:
    """Return a client that connects once more if its connection is older than a restart of the cache."""
    return redis.Redis.from_url(
        url,
        socket_timeout=seconds_per_use(),
        socket_connect_timeout=seconds_per_use(),
        retry=Retry(NoBackoff(), 1, supported_errors=(CacheConnectionError,)),
    )


def _slow(name: str) -> str:
    space = settings.CACHES["default"].get("KEY_PREFIX", "")
    return f"slow:{space}:{hashlib.sha256(name.encode()).hexdigest()}"


_COUNT = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCRBY', key, ARGV[2])
  if counts[i] == tonumber(ARGV[2]) then redis.call('EXPIRE', key, ARGV[1]) end
end
return counts
"""


@cache
def _counter(url: str) -> Any:
    """Return the script that counts on the server: one command, so that each count has an expiry."""
    return _client(url).register_script(_COUNT)


def _rest_of(window: int) -> int:
    return window - int(time.time()) % window


def _counted(names: Sequence[str], window: int, amount: int = 1) -> list[int]:
    """Add an amount to each count of this window; return the counts, in one round trip."""
    moment = int(time.time()) // window
    keys = [f"rate:{name}:{window}:{moment}" for name in names]
    return use_cache(
        lambda: [int(count) for count in _counter(settings.REDIS_URL)(keys=keys, args=[2 * window, amount])],
        [0] * len(names),
    )
