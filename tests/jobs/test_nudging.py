"""Nudges of one process travel together, and none is left behind at the end of a burst."""

import threading
import time
from itertools import pairwise

import pytest

from jobs.operations import dispatch
from jobs.operations.dispatch import MAX_MESSAGES_PER_NUDGE, Coalescer
from tenancy.models import new_id
from tests.processes import until

INTERVAL_SECONDS = 0.05
TENANT = new_id()


@pytest.fixture
def sent():
    return []


@pytest.fixture
def coalescer(sent):
    def send(messages):
        sent.append((time.monotonic(), list(messages)))

    return Coalescer(send, interval_seconds=INTERVAL_SECONDS)


def _ids(sent):
    return [message for _at, messages in sent for _tenant, message in messages]


def test_a_burst_is_one_nudge(coalescer, sent):
    ids = [new_id() for _ in range(20)]
    for one in ids:
        coalescer.add(TENANT, one)
    until(lambda: sent, "the nudge")
    time.sleep(3 * INTERVAL_SECONDS)
    assert len(sent) <= 2, "the first message may have left alone"
    assert _ids(sent) == ids


def test_the_last_message_of_a_burst_is_sent_without_another_one(coalescer, sent):
    """Also one that comes in the moment of the sending, which a leading edge alone would drop."""
    ids = []
    end = time.monotonic() + 6 * INTERVAL_SECONDS
    while time.monotonic() < end:
        ids.append(new_id())
        coalescer.add(TENANT, ids[-1])
        time.sleep(0.001)
    until(lambda: len(_ids(sent)) == len(ids), "the last one")
    assert _ids(sent) == ids


def test_many_threads_lose_nothing_and_send_once_in_an_interval(coalescer, sent):
    ids = [[new_id() for _ in range(50)] for _ in range(8)]

    def announce(mine):
        for one in mine:
            coalescer.add(TENANT, one)
            time.sleep(0.002)

    threads = [threading.Thread(target=announce, args=[mine]) for mine in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: len(_ids(sent)) == 400, "all of them")
    assert sorted(_ids(sent)) == sorted(one for mine in ids for one in mine)
    moments = [at for at, _messages in sent]
    assert all(after - before >= INTERVAL_SECONDS for before, after in pairwise(moments))


def test_what_one_nudge_does_not_carry_travels_in_the_next(coalescer, sent):
    count = 2 * MAX_MESSAGES_PER_NUDGE + 1
    for _ in range(count):
        coalescer.add(TENANT, new_id())
    until(lambda: len(_ids(sent)) == count, "all of them")
    assert all(len(messages) <= MAX_MESSAGES_PER_NUDGE for _at, messages in sent)


def test_the_end_of_a_process_sends_what_waits(coalescer, sent):
    one = new_id()
    coalescer.add(TENANT, one)
    coalescer.flush()
    assert _ids(sent) == [one]


def test_a_forked_process_sends_its_own_messages_alone(coalescer, sent):
    coalescer.add(TENANT, new_id())
    coalescer.forget()
    one = new_id()
    coalescer.add(TENANT, one)
    coalescer.flush()
    assert one in _ids(sent)


def test_a_broker_that_is_away_delays_no_announcement():
    sending, answered, given_up = threading.Event(), threading.Event(), []

    def hang(messages):
        sending.set()
        if not answered.wait(timeout=30):
            given_up.append(messages)

    slow = Coalescer(hang, interval_seconds=0)
    slow.add(TENANT, new_id())
    assert sending.wait(timeout=90)
    for _ in range(50):
        slow.add(TENANT, new_id())  # an add that waited for the broker would return when it has given up
    assert not given_up
    answered.set()


def test_what_waits_for_a_broker_is_bounded(monkeypatch, sent):
    monkeypatch.setattr(dispatch, "MAX_MESSAGES_WAITING", 5)
    calm = Coalescer(sent.append, interval_seconds=60)
    for _ in range(9):
        calm.add(TENANT, new_id())
    calm.flush()
    assert [len(messages) for messages in sent] == [5]
