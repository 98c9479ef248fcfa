"""Health checks of the containers: `python -m ops.health web | beat`, exit status 0 or 1.

It does without Django, whose start takes a second: too much for a check every few seconds.
"""

import os
import sys
from http.client import HTTPConnection

import psycopg2

BEAT_STORES_ITS_RUNS_WITHIN = "10 minutes"


def web() -> bool:
    connection = HTTPConnection("localhost", 8000, timeout=5)
    connection.request("GET", "/readyz")
    return connection.getresponse().status == 200


def beat() -> bool:
    """Return whether the scheduler has sent anything recently; it stores that every three minutes."""
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_run_at) > now() - %s::interval FROM django_celery_beat_periodictask",
            [BEAT_STORES_ITS_RUNS_WITHIN],
        )
        return cursor.fetchone() == (True,)


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
