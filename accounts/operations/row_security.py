"""Access to the rows that row security limits to their own person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from tenancy.context import set_local


@contextmanager
def as_person(user_id: UUID) -> Iterator[None]:
    """Make the devices and codes of this person visible in the block, and restore `app.user` after it.

    Use it in a transaction, for reads during sign-in, before the person is signed in.
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
