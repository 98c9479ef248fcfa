"""A connection is asked whether it lives after idleness or news on its socket, not in each request."""

import psycopg2
import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection

from tenancy import health_checks
from tests.processes import until


@pytest.fixture
def asked(committed, monkeypatch):
    """How often the server was asked; the connection checks as one does outside of tests.

    Django's test client connects Django's own receiver anew, behind the one that is tested.
    """
    request_started.disconnect(dispatch_uid="skip_needless_checks")
    health_checks.connect()
    found = []
    usable = connection.is_usable

    def is_usable():
        found.append(True)
        return usable()

    monkeypatch.setattr(connection, "is_usable", is_usable)
    connection.close()
    connection.connect()
    monkeypatch.setattr(connection, "health_check_enabled", True)
    return found


def _request():
    request_started.send(sender=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    request_finished.send(sender=None)
    return pid


def test_busy_connections_are_not_asked(asked):
    _request()
    asked.clear()
    pids = {_request() for _ in range(5)}
    assert (asked, len(pids)) == ([], 1)


def test_an_idle_connection_is_asked(asked, monkeypatch):
    _request()
    asked.clear()
    monkeypatch.setattr(health_checks, "IDLE_SECONDS", 0)
    _request()
    assert asked == [True]


def test_a_connection_that_the_server_ended_is_replaced_at_once(asked):
    before = _request()
    owner = settings.DATABASES["owner"]
    other = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=settings.DATABASES["default"]["USER"],
        password=settings.DATABASES["default"]["PASSWORD"],
        dbname=settings.DATABASES["default"]["NAME"],
    )
    other.autocommit = True
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [before])
        cursor.execute("SELECT 1")
    other.close()
    until(lambda: not health_checks._is_quiet(connection), "the end of the connection")
    assert _request() != before
