"""Use the cache where it answers at once, and do without it where it does not.

Limits, nudges and stored forms are optional: without them the product still does its work. A cache that
is down fails at once, but one that hangs would hold up each request until a timeout. So a request spends
at most CACHE_SECONDS_A_REQUEST on the cache, and after MAX_FAILURES in a row this process stops using it
for PAUSE_SECONDS. Then one use tries it again while the others still do without.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.signals import request_finished, request_started

MAX_FAILURES = 3
PAUSE_SECONDS = 5.0
log = logging.getLogger(__name__)
T = TypeVar("T")
# The seconds that this request has spent on the cache; None outside a request, where they are not limited.
_spent: ContextVar[float | None] = ContextVar("seconds_spent_on_the_cache", default=None)


class Breaker:
    """The state of one cache in this process: closed while it answers, open after failures in a row."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_attempt = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= MAX_FAILURES

    def permits(self) -> bool:
        """Return whether the cache may be used now; while open, one caller in each pause may."""
        with self._lock:
            if not self.is_open:
                return True
            if self._clock() < self._next_attempt:
                return False
            self._next_attempt = self._clock() + PAUSE_SECONDS
            return True

    def record_success(self) -> None:
        if not self._failures:
            return
        with self._lock:
            was_open, self._failures = self.is_open, 0
        if was_open:
            log.warning("cache_used_again")

    def record_failure(self, error: Exception) -> None:
        with self._lock:
            was_open, self._failures = self.is_open, self._failures + 1
            opened = self.is_open and not was_open
            if opened:
                self._next_attempt = self._clock() + PAUSE_SECONDS
        log.warning("cache_not_used: %s: %s", type(error).__name__, error)
        if opened:
            log.warning("cache_breaker_open: it is tried again every %.0f s", PAUSE_SECONDS)


def connect() -> None:
    """Limit the time that each request spends on the cache."""
    request_started.connect(_begin_request, dispatch_uid="cache_seconds_begin")
    request_finished.connect(_end_request, dispatch_uid="cache_seconds_end")


def use_cache(use: Callable[[], T], otherwise: T, *, url: str = "") -> T:
    """Return `use()`, or `otherwise` if the cache fails, is slow or is not used at the moment.

    Every exception counts as a failure of the cache: redis-py raises ValueError too while it times out.
    In a request `use` may wait for `seconds_per_use()`. `url` names the cache, by default REDIS_URL.
    """
    spent = _spent.get()
    if spent is not None and spent >= seconds_per_use():
        return otherwise
    breaker = breaker_of(url or settings.REDIS_URL)
    if not breaker.permits():
        return otherwise
    began = time.monotonic()
    try:
        found = use()
    except Exception as error:
        breaker.record_failure(error)
        return otherwise
    finally:
        if spent is not None:
            _spent.set(spent + time.monotonic() - began)
    breaker.record_success()
    return found


def seconds_per_use() -> float:
    """Return the time limit of one use: half of a request's, which begins none after that half is over."""
    return float(settings.CACHE_SECONDS_A_REQUEST) / 2


@cache
def breaker_of(url: str) -> Breaker:
    """Return the breaker of the cache at a URL."""
    return Breaker()


def _begin_request(**_signal: Any) -> None:
    _spent.set(0.0)


def _end_request(**_signal: Any) -> None:
    _spent.set(None)
