"""A manufacturer that sells to a dealer, and who looks at it: browsers by role."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ordering.queries.orders import OrderFacts
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_party
from tests.ordering.trade import Trade, a_trade
from tests.people import a_membership, a_user, signed_in

LONG = "肇庆恒丰" * 50
MOST = 15
# Inside a test's transaction a request is a savepoint, and takes its tenant's name down at its end.
OF_THE_TEST = ("SAVEPOINT", "RELEASE", "SET LOCAL app.tenant = ''")


class Scene:
    """The trade of tests.ordering.trade in a tenant; `as_` opens a browser for a role."""

    def __init__(self, tenant: Tenant, **given: Any) -> None:
        self.tenant = tenant
        with self.inside():
            self.trade: Trade = a_trade(**given)
            self.stranger = a_party(parent=self.trade.seller, code="D2")
        self._browsers: dict[tuple[Any, str], Client] = {}

    def inside(self) -> Any:
        return tenant_active(self.tenant)

    def as_(self, role: str, party: Any = None) -> Client:
        """A browser of the seller's director, warehouse …; of another party where one is given."""
        party = party or self.trade.seller
        key = (party.id, role)
        if key not in self._browsers:
            with self.inside():
                self._browsers[key] = signed_in(a_membership(party, role, a_user(language="en")))
        return self._browsers[key]

    @property
    def director(self) -> Client:
        return self.as_("director")

    @property
    def buyer(self) -> Client:
        return self.as_("owner", self.trade.buyer)

    @property
    def other(self) -> Client:
        return self.as_("owner", self.stranger)

    def order(self, make: Any, *lines: Any, **given: Any) -> OrderFacts:
        with self.inside():
            found: OrderFacts = make(self.trade, *lines, **given)
        return found


def text_of(page: Any) -> str:
    """What a person reads: without tags, spaces drawn together."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def said(page: Any) -> list[str]:
    """The messages that the answer leaves for the next page."""
    return [str(one) for one in get_messages(page.wsgi_request)]


def rows_in(page: Any) -> list[Any]:
    """The rows that a list page shows."""
    return [line.row for line in page.context["list"].lines]


@contextmanager
def counted() -> Any:
    with CaptureQueriesContext(connection) as seen:
        yield seen


def statements(client: Client, path: str) -> int:
    """SQL statements of a request, those of its session and door included: the bar is `MOST`."""
    client.get(path)
    with counted() as seen:
        assert client.get(path).status_code == 200
    return len([one for one in seen if not one["sql"].startswith(OF_THE_TEST)])
