"""How often something may happen in a minute, counted in the cache by name."""

from __future__ import annotations

import logging
import time
from functools import cache

import redis
from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest

MINUTE = 60
PATIENCE = 0.5
log = logging.getLogger(__name__)


def wait_for_turn(name: str, per_minute: int) -> int:
    """Counts one; the seconds to wait when there were more than that this minute, else 0.

    `per_minute` 0 counts nothing. Without a cache nobody is refused, and the log says so.
    """
    if per_minute <= 0 or _counted(name) <= per_minute:
        return 0
    return MINUTE - int(time.time()) % MINUTE


def address_of(request: HttpRequest) -> str:
    """The client's address; behind PROXY_COUNT proxies the one that they report."""
    return get_client_ip_address(request) or "unknown"


@cache
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _counted(name: str) -> int:
    """This minute's count, this one included; one round trip."""
    key = f"rate:{name}:{int(time.time()) // MINUTE}"
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, 2 * MINUTE)
            return int(pipe.execute()[0])
    except redis.RedisError as error:
        log.warning("rate_not_counted", extra={"error": type(error).__name__})
        return 0
