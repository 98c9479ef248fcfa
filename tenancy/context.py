"""The active tenant: a context variable for the ORM and `SET LOCAL app.tenant` for the database.

Both are set together and end with the transaction that they were set in, so that a pooled
connection never carries one tenant's setting to the next user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

_active: ContextVar[UUID | None] = ContextVar("active_tenant", default=None)


class NoTenant(RuntimeError):
    """Tenant data was asked for and no tenant is active."""


class TenantMixup(RuntimeError):
    """A second tenant was entered inside the first."""


def active_tenant_id() -> UUID:
    """The active tenant's id; raises NoTenant where there is none."""
    tenant_id = _active.get()
    if tenant_id is None:
        raise NoTenant("No tenant is active: wrap the work in tenant_active(tenant).")
    return tenant_id


def has_active_tenant() -> bool:
    return _active.get() is not None


def enter_tenant(tenant_id: UUID) -> None:
    """Sets the tenant for the rest of the open transaction; who calls it also calls leave_tenant."""
    _check_entrance(tenant_id)
    set_local("app.tenant", str(tenant_id))
    _active.set(tenant_id)


def tenant_entered(tenant_id: UUID) -> None:
    """Note that a statement has set `app.tenant` with SET LOCAL in the open transaction.

    For the functions `enter_by_key` and `enter_by_session` of the database, which find the tenant
    and set it in one round trip. The caller also calls leave_tenant.
    """
    _check_entrance(tenant_id)
    _active.set(tenant_id)


def _check_entrance(tenant_id: UUID) -> None:
    current = _active.get()
    if current is not None and current != tenant_id:
        raise TenantMixup(f"Tenant {current} is active; {tenant_id} cannot be entered inside it.")
    if not connection.in_atomic_block:
        raise RuntimeError("A tenant is entered inside a transaction only.")


def leave_tenant() -> None:
    """Forgets the tenant, also where the transaction goes on (a nested SET LOCAL survives).

    A transaction that an error has broken takes no statement more; its rollback undoes the
    setting with all the rest, and so does the end of the outermost block.
    """
    if _active.get() is None:
        return
    _active.set(None)
    goes_on = bool(connection.savepoint_ids)
    if goes_on and not connection.needs_rollback and _takes_statements():
        set_local("app.tenant", "")


def _takes_statements() -> bool:
    """False for a transaction that an error has broken, and for a connection that is gone."""
    held = connection.connection
    return held is not None and held.info.transaction_status == TRANSACTION_STATUS_INTRANS


def set_local(name: str, value: str) -> None:
    """`SET LOCAL name = 'value'`; not set_config(), which Citus does not pass on to its nodes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {name} = %s", [value])


@contextmanager
def tenant_active(tenant: "UUID | object") -> Iterator[None]:
    """Runs the block in one transaction with this tenant (a Tenant or its id) active.

    Inside the same tenant it joins the transaction that is open; inside another it raises
    TenantMixup.
    """
    tenant_id = tenant if isinstance(tenant, UUID) else tenant.id  # type: ignore[attr-defined]
    if _active.get() == tenant_id:
        with transaction.atomic(savepoint=False):
            yield
        return
    with transaction.atomic():
        enter_tenant(tenant_id)
        try:
            yield
        finally:
            leave_tenant()


@contextmanager
def joined_transaction() -> Iterator[None]:
    """The outer transaction of an operation; joins the one that is open (a request's)."""
    with transaction.atomic(savepoint=False):
        yield
