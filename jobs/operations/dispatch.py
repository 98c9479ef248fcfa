"""Nudge a worker: send a task to the broker without waiting for a broker that is down or hangs.

A nudge is best effort. The outbox stores the message, and the sweeper nudges again for messages that
were not delivered. A thread of the process sends all nudges, so no request waits for the broker. The
messages that a process announces within a short interval share one nudge.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from uuid import UUID

from celery import current_app
from kombu import Connection, pools

from jobs.optional_cache import use_cache

SHORT_TIMEOUTS = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 2}
INTERVAL_SECONDS = 0.1
MAX_MESSAGES_PER_NUDGE = 100
MAX_MESSAGES_WAITING = 10_000
DELIVER = "jobs.deliver_messages"

Message = tuple[UUID, UUID]  # the tenant's id and the message's
Task = tuple[str, dict[str, object]]  # its name and its arguments


def nudge(task: str, **ids: object) -> None:
    """Send a task with the next nudge of this process. Call it after the commit."""
    _coalescer.add_task(task, {name: str(value) for name, value in ids.items()})


def nudge_messages(messages: Sequence[Message]) -> None:
    """Send tasks that deliver these outbox messages, MAX_MESSAGES_PER_NUDGE in each."""
    for start in range(0, len(messages), MAX_MESSAGES_PER_NUDGE):
        batch = messages[start : start + MAX_MESSAGES_PER_NUDGE]
        _publish(DELIVER, {"messages": [[str(tenant), str(message)] for tenant, message in batch]})


class Coalescer:
    """Collect the messages and tasks of one process; nudge for the messages once in each interval.

    An interval starts with the first message after a pause. At its end one nudge carries all messages
    collected so far, so a message waits at most one interval. A separate thread sends the nudges, so
    that no request waits for the broker.
    """

    def __init__(
        self, send: Callable[[Sequence[Message]], None], *, interval_seconds: float = INTERVAL_SECONDS
    ) -> None:
        self._send, self._interval = send, interval_seconds
        self.forget()

    def forget(self) -> None:
        """Drop what is collected; a forked process does so because its parent sends it."""
        self._waiting: list[Message] = []
        self._tasks: list[Task] = []
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, tenant_id: UUID, message_id: UUID) -> None:
        with self._changed:
            if len(self._waiting) >= MAX_MESSAGES_WAITING:
                return  # the broker is down; the sweeper finds the message
            self._waiting.append((tenant_id, message_id))
            self._wake_thread()

    def add_task(self, task: str, arguments: dict[str, object]) -> None:
        with self._changed:
            if len(self._tasks) >= MAX_MESSAGES_WAITING:
                return
            self._tasks.append((task, arguments))
            self._wake_thread()

    def flush(self) -> None:
        """Send everything that waits now, and wait for what the thread is sending."""
        while self._send_one_nudge():
            pass

    def _wake_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._tasks:
                    self._changed.wait()
            time.sleep(self._interval)
            self._send_one_nudge()

    def _send_one_nudge(self) -> bool:
        with self._sending:
            with self._changed:
                batch = self._waiting[:MAX_MESSAGES_PER_NUDGE]
                del self._waiting[:MAX_MESSAGES_PER_NUDGE]
                tasks, self._tasks = self._tasks, []
            for task, arguments in tasks:
                _publish(task, arguments)
            if batch:
                self._send(batch)
            return bool(batch or tasks)


_coalescer = Coalescer(nudge_messages)
os.register_at_fork(after_in_child=_coalescer.forget)


def nudge_soon(tenant_id: UUID, message_id: UUID) -> None:
    """Add an outbox message to the next nudge of this process."""
    _coalescer.add(tenant_id, message_id)


@atexit.register
def flush_nudges() -> None:
    """Send everything that waits now: at the end of a process, and in tests."""
    _coalescer.flush()


def _publish(task: str, kwargs: dict[str, object]) -> None:
    """Send a task over a connection with short time limits; nothing is sent while the broker fails."""

    def publish() -> None:
        with pools.producers[_connection(url)].acquire(block=True) as producer:
            current_app.send_task(task, kwargs=kwargs, producer=producer, retry=False)

    url = str(current_app.conf.broker_url)
    use_cache(publish, None, url=url)


@cache
def _connection(url: str) -> Connection:
    return current_app.connection_for_write(url, transport_options=SHORT_TIMEOUTS)
