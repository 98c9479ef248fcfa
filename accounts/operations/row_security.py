"""Stepping behind the row policies that show a person's own rows to that person alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from tenancy.context import set_local


@contextmanager
def as_person(user_id: UUID) -> Iterator[None]:
    """The block sees the devices and codes of this person; afterwards it is as it was before.

    Inside a transaction only. For the door, which asks before anybody is signed in.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.user', true)")
        before = cursor.fetchone()[0] or ""
    set_local('app."user"', str(user_id))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            set_local('app."user"', before)
