"""Telling a worker that there is something to do, without ever waiting for a broker that is away."""

from __future__ import annotations

import logging
from functools import cache

from celery import current_app
from kombu import Connection, pools

log = logging.getLogger(__name__)
IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 2}


def nudge(task: str, **ids: object) -> None:
    """Best effort, after the commit; a lost nudge is made good by the sweeper.

    The broker's own patience (six seconds of retries) would be every request's as long as it is
    away, hence a connection of our own.
    """
    try:
        with pools.producers[_connection(current_app.conf.broker_url)].acquire(block=True) as producer:
            kwargs = {name: str(value) for name, value in ids.items()}
            current_app.send_task(task, kwargs=kwargs, producer=producer, retry=False)
    except Exception as error:
        log.warning("nudge_failed: %s: %s", task, error)


@cache
def _connection(url: str) -> Connection:
    return current_app.connection_for_write(url, transport_options=IMPATIENT)
