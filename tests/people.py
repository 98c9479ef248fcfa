"""People for tests: who acts for which party, signed in or about to be."""

from __future__ import annotations

import time
from ipaddress import IPv6Address
from itertools import count
from secrets import randbits
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connections
from django.test import Client

from accounts.models import User
from dealers.models import Membership, Party
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_manufacturer, a_party

_next = count(1).__next__


def as_owner(sql: str, *values: Any) -> None:
    """One statement of the owner's role, committed at once: what only that role may change."""
    owner = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=connections["default"].settings_dict["NAME"],
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql, [str(value) for value in values])
    connection.close()


def an_address() -> str:
    """One that nobody else counts under: the cache is shared."""
    return str(IPv6Address(randbits(128)))


PASSWORD = "correct horse battery"


def a_user(username: str = "", **values: Any) -> User:
    """Without a password, for hashing one takes long: `User.set_password` where a test types it."""
    user = User(username=username or f"user{_next()}", **values)
    user.set_unusable_password()
    user.save()
    return user


def a_membership(party: Party, role: str = "", user: User | None = None) -> Membership:
    role = role or ("director" if party.kind == "manufacturer" else "owner")
    return Membership.objects.create(
        user=user or a_user(), party=party, role=role, party_kind=party.kind, party_name=party.name
    )


def a_member_of(tenant: Tenant, kind: str = "manufacturer", role: str = "", **values: Any) -> Membership:
    """A membership in a new party of that kind (the manufacturer is the tenant's one)."""
    with tenant_active(tenant):
        party = a_manufacturer(name=tenant.name) if kind == "manufacturer" else a_party(kind)
        return a_membership(party, role, **values)


def signed_in(membership: Membership, **kwargs: Any) -> Client:
    """A browser in which this person has signed in."""
    client = Client(**kwargs)
    client.force_login(membership.user, backend="accounts.backends.AccountBackend")
    return client


def noted(client: Client, **values: Any) -> Client:
    """The same browser, with these values in its session (a `_` in a name stands for `-`)."""
    session = client.session
    for name, value in values.items():
        session[name.replace("_", "-")] = value
    session.save()
    return client


def just_signed_in(membership: Membership, **kwargs: Any) -> Client:
    """One that may change its account without another password."""
    return noted(signed_in(membership, **kwargs), proved_at=int(time.time()))
