"""Notify a worker that there is something to do, without ever waiting for a broker that is away.

A nudge is best effort: the outbox row is the message, and the sweeper sends what no nudge delivered.
The messages that a process announces within a short interval travel in one nudge.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from uuid import UUID

from celery import current_app
from kombu import Connection, pools

log = logging.getLogger(__name__)
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 2}
INTERVAL_SECONDS = 0.1
MAX_MESSAGES_PER_NUDGE = 100
MAX_MESSAGES_WAITING = 10_000
DELIVER = "tenancy.deliver_messages"

Message = tuple[UUID, UUID]  # the tenant's id and the message's


def nudge(task: str, **ids: object) -> None:
    """Send a task at once; after the commit."""
    _publish(task, {name: str(value) for name, value in ids.items()})


def nudge_messages(messages: Sequence[Message]) -> None:
    """Have outbox messages delivered, at once, as many in a task as one nudge carries."""
    for start in range(0, len(messages), MAX_MESSAGES_PER_NUDGE):
        batch = messages[start : start + MAX_MESSAGES_PER_NUDGE]
        _publish(DELIVER, {"messages": [[str(tenant), str(message)] for tenant, message in batch]})


class Coalescer:
    """Collect the messages of one process; send at most one nudge in each interval.

    The interval starts with the first message after a pause, and a nudge carries what came until it
    is sent: the last message of a burst waits for the end of its interval, never for the next burst.
    A thread of its own sends, so that no request waits for the broker.
    """

    def __init__(
        self, send: Callable[[Sequence[Message]], None], *, interval_seconds: float = INTERVAL_SECONDS
    ) -> None:
        self._send, self._interval = send, interval_seconds
        self.forget()

    def forget(self) -> None:
        """Start anew, as a forked process must: its parent sends what the parent collected."""
        self._waiting: list[Message] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, tenant_id: UUID, message_id: UUID) -> None:
        with self._changed:
            if len(self._waiting) >= MAX_MESSAGES_WAITING:
                return  # the broker is away; the sweeper finds the message
            self._waiting.append((tenant_id, message_id))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
                self._thread.start()
            self._changed.notify()

    def flush(self) -> None:
        """Send all that waits, now."""
        while self._send_one_nudge():
            pass

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
            time.sleep(self._interval)
            self._send_one_nudge()

    def _send_one_nudge(self) -> bool:
        with self._changed:
            batch = self._waiting[:MAX_MESSAGES_PER_NUDGE]
            del self._waiting[:MAX_MESSAGES_PER_NUDGE]
        if batch:
            self._send(batch)
        return bool(batch)


_coalescer = Coalescer(nudge_messages)
os.register_at_fork(after_in_child=_coalescer.forget)


def nudge_soon(tenant_id: UUID, message_id: UUID) -> None:
    """Have one outbox message delivered, together with the others of this process and interval."""
    _coalescer.add(tenant_id, message_id)


@atexit.register
def flush_nudges() -> None:
    """Send what waits at once: at the end of a process, and in tests."""
    _coalescer.flush()


def _publish(task: str, kwargs: dict[str, object]) -> None:
    """Send with a connection of our own: the broker's own patience (six seconds of retries) would be
    every request's as long as it is away."""
    try:
        with pools.producers[_connection(current_app.conf.broker_url)].acquire(block=True) as producer:
            current_app.send_task(task, kwargs=kwargs, producer=producer, retry=False)
    except Exception as error:
        log.warning("nudge_failed: %s: %s", task, error)


@cache
def _connection(url: str) -> Connection:
    return current_app.connection_for_write(url, transport_options=IMPATIENT)
