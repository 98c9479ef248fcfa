from __future__ import annotations

import http.client
import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psycopg2
import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from accounts.models import User
from tenancy.context import leave_tenant
from tenancy.models import Tenant
from tests.conftest import empty_tables
from tests.isolation.world import World, build

TOKEN = "a" * 32
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GENEROUS = (
    "API_RATE_PER_KEY",
    "API_RATE_PER_ADDRESS",
    "API_FAILURES_PER_ADDRESS",
    "SIGN_IN_RATE_PER_ADDRESS",
)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *args: Any) -> None:
        pass


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]


OPEN: list[Visitor] = []


class Visitor:
    """Speaks HTTP over one kept connection, as a key, as a person, or as nobody."""

    def __init__(self, port: int, *, key: str = "", person: User | None = None) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.line.connect()
        self.line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = {"Host": "localhost"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"
        self.person, self.sent = person, 0
        self.sign_in()
        OPEN.append(self)

    def sign_in(self) -> None:
        """With a session of its own: the routes that end one must not hollow out those after them."""
        cookies = {"csrftoken": TOKEN} | ({"sessionid": _session(self.person)} if self.person else {})
        self.headers |= {"X-CSRFToken": TOKEN, "Cookie": "; ".join(f"{a}={b}" for a, b in cookies.items())}

    def ask(self, verb: str, path: str, *, data: Any = None, form: Any = None, **headers: str) -> Answer:
        self.sent += 1
        told = {**self.headers, "Idempotency-Key": f"{id(self)}-{self.sent}", **headers}
        body = b""
        if form is not None and verb != "GET":
            body, told["Content-Type"] = urlencode(form).encode(), "application/x-www-form-urlencoded"
        elif data is not None and verb != "GET":
            body, told["Content-Type"] = json.dumps(data).encode(), "application/json"
        self.line.request(verb, path, body, told)
        answer = self.line.getresponse()
        text = answer.read().decode(errors="replace")
        if answer.will_close:
            self.line.close()
        return Answer(answer.status, text, dict(answer.getheaders()))


def _session(person: User) -> str:
    person.refresh_from_db()
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "accounts.backends.AccountBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The whole site behind real HTTP with real commits; answers the port."""
    kept = {name: getattr(settings, name) for name in GENEROUS}
    for name in GENEROUS:
        setattr(settings, name, 10**9)
    with django_db_blocker.unblock():
        logging.disable(logging.CRITICAL)
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield int(server.server_address[1])
        for visitor in OPEN:
            visitor.line.close()
        OPEN.clear()
        server.shutdown()
        server.server_close()
        logging.disable(logging.NOTSET)
        leave_tenant()
        empty_tables()
        connections.close_all()
    for name, value in kept.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def acme(site: int) -> World:
    return build(Tenant.objects.get(slug="acme"), "ACME4K")


@pytest.fixture(scope="module")
def bolt(site: int) -> World:
    return build(Tenant.objects.get(slug="bolt"), "BOLT7Q")


class Watch:
    """Says whether rows changed: those of a tenant, or those of them that name certain ids."""

    def __init__(self) -> None:
        owner = settings.DATABASES["owner"]
        self.connection = psycopg2.connect(
            host=owner["HOST"],
            port=owner["PORT"],
            user=owner["USER"],
            password=owner["PASSWORD"],
            dbname=owner["NAME"],
        )
        self.connection.autocommit = True
        self.tables = self._prepare()

    def _prepare(self) -> list[str]:
        """Prepare one statement that reads all tables, since planning it takes longer than running it."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p') AND NOT relispartition"
                " AND relnamespace = 'public'::regnamespace AND EXISTS (SELECT FROM pg_attribute a"
                " WHERE a.attrelid = c.oid AND a.attname = 'tenant_id') ORDER BY 1"
            )
            tables = [name for (name,) in cursor.fetchall()]
            rows = (f"SELECT '{name}', t::text FROM \"{name}\" t WHERE tenant_id = $1" for name in tables)
            cursor.execute(f"PREPARE rows_of_tenant (uuid) AS {' UNION ALL '.join(rows)}")
        return tables

    def rows(
        self, tenant: UUID, ids: set[str] | None = None, without: tuple[str, ...] = ()
    ) -> dict[str, list[str]]:
        """Return the rows as text by table; `ids` narrows them to those in which one of the ids occurs.

        The ids are sought here: in PostgreSQL a pattern of 200 ids took 170 ms, this takes 6.
        """
        found: dict[str, list[str]] = {name: [] for name in self.tables if name not in without}
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SET app.tenant = %(tenant)s; EXECUTE rows_of_tenant (%(tenant)s)", {"tenant": str(tenant)}
            )
            for table, row in cursor:
                if table in found and (ids is None or not ids.isdisjoint(UUID_TEXT.findall(row))):
                    found[table].append(row)
        return {table: sorted(rows) for table, rows in found.items()}


@pytest.fixture(scope="module")
def watch(site: int) -> Iterator[Watch]:
    watch = Watch()
    yield watch
    watch.connection.close()
