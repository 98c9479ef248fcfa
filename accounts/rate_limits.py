"""How often something may happen, counted in the cache by name."""

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
PATIENCE = 0.5
FREE, LONGEST = 20, 15 * MINUTE
log = logging.getLogger(__name__)


def wait_for_turn(name: str, most: int, *, window: int = MINUTE) -> int:
    """Counts one; the seconds to wait when there were more than `most` in this window, else 0.

    `most` 0 counts nothing. Without a cache nobody is refused, and the log says so.
    """
    return wait_for_turns({name: most}, window=window)[name]


def wait_for_turns(limits: Mapping[str, int], *, window: int = MINUTE) -> dict[str, int]:
    """Count one for each name, in one round trip; return the seconds to wait by name.

    As `wait_for_turn`, for several limits (name: highest count in a window) of one request.
    """
    counted = [name for name, limit in limits.items() if limit > 0]
    counts = dict(zip(counted, _counted(counted, window), strict=True)) if counted else {}
    rest = window - int(time.time()) % window
    return {name: rest if counts.get(name, 0) > limit > 0 else 0 for name, limit in limits.items()}


def wait_longer_each_time(name: str) -> int:
    """Takes a turn: the seconds to wait, else 0. FREE turns are to be had at once; after them each
    costs twice the wait of the last, up to LONGEST, until forget() or a quiet hour.

    Two at the same moment do not both get the same turn.
    """
    key = _slow(name)
    try:
        line = _client(settings.REDIS_URL)
        waiting = int(line.ttl(f"{key}:wait"))
        if waiting > 0:
            return waiting
        turns = int(line.incr(key))
        line.expire(key, HOUR)
        if turns <= FREE:
            return 0
        rest = min(2 ** (turns - FREE), LONGEST)
        if line.set(f"{key}:wait", "1", nx=True, ex=rest):
            return 0
        return max(int(line.ttl(f"{key}:wait")), 1)
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})
        return 0


def forget(name: str) -> None:
    """The turns that were taken are taken back: it was the right one."""
    key = _slow(name)
    try:
        _client(settings.REDIS_URL).delete(key, f"{key}:wait")
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})


def address_of(request: HttpRequest) -> str:
    """Whom a request counts for; behind PROXY_COUNT proxies the one that they report."""
    return get_client_ip_address(request) or "unknown"


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


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
    """The script on the server: one command, and a count never stays without its expiry."""
    return _client(url).register_script(_COUNT)


def _counted(names: Sequence[str], window: int) -> list[int]:
    """The counts of this window, this request included; one round trip."""
    moment = int(time.time()) // window
    keys = [f"rate:{name}:{window}:{moment}" for name in names]
    try:
        return [int(count) for count in _counter(settings.REDIS_URL)(keys=keys, args=[2 * window])]
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})
        return [0] * len(names)
