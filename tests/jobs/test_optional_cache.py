"""What is optional is left out while the cache fails or hangs, and a request never waits for it."""

import time

import pytest
from django.core.signals import request_finished, request_started

from jobs import optional_cache
from jobs.optional_cache import MAX_FAILURES, PAUSE_SECONDS, Breaker, breaker_of, use_cache


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock, monkeypatch):
    one = Breaker(clock)
    monkeypatch.setattr(optional_cache, "breaker_of", lambda url: one)
    return one


def _fail(error):
    def use():
        raise error

    return use


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("I/O operation on closed file"), KeyError()])
def test_any_exception_of_the_cache_gives_the_substitute(breaker, error, caplog):
    assert use_cache(_fail(error), "otherwise") == "otherwise"
    assert "cache_not_used" in caplog.text


def test_the_breaker_opens_after_failures_in_a_row_and_says_so(breaker, caplog):
    used: list[str] = []

    def use():
        used.append("used")
        return "found"

    for _ in range(MAX_FAILURES - 1):
        use_cache(_fail(OSError()), None)
    assert use_cache(use, None) == "found"
    for _ in range(MAX_FAILURES):
        assert not breaker.is_open
        use_cache(_fail(OSError()), None)
    assert breaker.is_open
    assert use_cache(use, "otherwise") == "otherwise"
    assert used == ["used"]
    assert caplog.text.count("cache_breaker_open") == 1


def test_one_use_in_each_pause_tries_the_cache_again(breaker, clock, caplog):
    for _ in range(MAX_FAILURES):
        use_cache(_fail(OSError()), None)
    clock.now += PAUSE_SECONDS
    assert breaker.permits()
    assert not breaker.permits()
    clock.now += PAUSE_SECONDS
    assert use_cache(lambda: "found", None) == "found"
    assert not breaker.is_open
    assert breaker.permits()
    assert "cache_used_again" in caplog.text


def test_a_request_spends_no_more_than_its_seconds(breaker, settings):
    settings.CACHE_SECONDS_A_REQUEST = 0.05

    def use_slowly():
        time.sleep(0.03)
        return 1

    optional_cache._begin_request()
    try:
        assert use_cache(use_slowly, 0) == 1
        assert use_cache(lambda: 2, 0) == 0
    finally:
        optional_cache._end_request()
    assert use_cache(use_slowly, 0) == 1
    assert use_cache(lambda: 2, 0) == 2, "outside a request nothing is limited"


def test_the_signals_of_a_request_limit_it():
    uids = {key[0] for signal in (request_started, request_finished) for key, *_ in signal.receivers}
    assert {"cache_seconds_begin", "cache_seconds_end"} <= uids


def test_each_cache_has_its_own_breaker():
    assert breaker_of("redis://a") is breaker_of("redis://a")
    assert breaker_of("redis://a") is not breaker_of("redis://b")
