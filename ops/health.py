"""Health checks of the containers: `python -m ops.health web | beat`, exit status 0 or 1.

Without Django, because a check that takes a second of work every few seconds is a load itself.
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
    """Whether the scheduler has sent anything lately; it writes that down every three minutes."""
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(last_run_at) > now() - %s::interval FROM django_celery_beat_periodictask",
            [BEAT_STORES_ITS_RUNS_WITHIN],
        )
        return cursor.fetchone() == (True,)


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "beat": beat}[sys.argv[1]]() else 1)
