"""Skip the health check of a database connection that was used a moment ago.

With CONN_HEALTH_CHECKS Django sends `SELECT 1` once in every request. A connection that served a request
a moment ago is alive unless its socket is readable: a server that ends a session closes the connection,
which makes the socket readable. So the check runs only after idleness or if the socket is readable.
"""

from __future__ import annotations

import select
import time
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

IDLE_SECONDS = 5.0


def connect() -> None:
    """Connect to the request signals. Django's own receivers, which request a check, run before these."""
    request_started.connect(skip_needless_checks, dispatch_uid="skip_needless_checks")
    request_finished.connect(note_use, dispatch_uid="note_use")


def skip_needless_checks(**_signal: Any) -> None:
    now = time.monotonic()
    for connection in connections.all(initialized_only=True):
        last_used = getattr(connection, "last_used_at", None)
        if last_used is not None and now - last_used < IDLE_SECONDS and _is_quiet(connection):
            connection.health_check_done = True  # type: ignore[attr-defined]  # django-stubs lacks it


def note_use(**_signal: Any) -> None:
    now = time.monotonic()
    for connection in connections.all(initialized_only=True):
        is_open = connection.connection is not None
        connection.last_used_at = now if is_open else None  # type: ignore[attr-defined]  # our own mark


def _is_quiet(connection: BaseDatabaseWrapper) -> bool:
    """Return whether an idle connection is open and has nothing to read."""
    if connection.connection is None or connection.connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.connection.fileno(), select.POLLIN)
    return not poll.poll(0)
