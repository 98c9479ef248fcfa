"""The active tenant: a context variable for the ORM and `SET LOCAL app.tenant` for the database.

Both are set together and end with their transaction, so that a pooled connection never carries one
tenant's setting to the next user.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

_active: ContextVar[UUID | None] = ContextVar("active_tenant", default=None)


class NoTenant(RuntimeError):
    """Tenant data was requested while no tenant is active."""


class TenantMixup(RuntimeError):
    """A second tenant was entered while another one is active."""


def active_tenant_id() -> UUID:
    """Return the active tenant's id; raise NoTenant if there is none."""
    tenant_id = _active.get()
    if tenant_id is None:
        raise NoTenant("No tenant is active: wrap the work in tenant_active(tenant).")
    return tenant_id


def has_active_tenant() -> bool:
    return _active.get() is not None


def enter_tenant(tenant_id: UUID) -> None:
    """Set the tenant for the rest of the open transaction. The caller also calls leave_tenant.

    Raises TenantMixup if another tenant is active.
    """
    _check_entrance(tenant_id)
    set_local("app.tenant", str(tenant_id))
    _active.set(tenant_id)


def tenant_entered(tenant_id: UUID) -> None:
    """Record that a statement has set `app.tenant` with SET LOCAL in the open transaction.

    It serves the database functions `enter_by_key` and `enter_by_session`, which find the tenant and set
    it in one round trip. The caller also calls leave_tenant.
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
    """Leave the active tenant, also if the transaction continues (a nested SET LOCAL survives).

    A transaction that an error has broken accepts no more statements. Its rollback undoes the setting,
    and so does the end of the outermost block.
    """
    if _active.get() is None:
        return
    _active.set(None)
    continues = bool(connection.savepoint_ids)
    if continues and not connection.needs_rollback and _accepts_statements():
        set_local("app.tenant", "")


def _accepts_statements() -> bool:
    """Return false for a transaction that an error has broken and for a lost connection."""
    session = connection.connection
    return session is not None and session.info.transaction_status == TRANSACTION_STATUS_INTRANS


def set_local(name: str, value: str) -> None:
    """Execute `SET LOCAL name = 'value'`; Citus does not propagate set_config() to its nodes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {name} = %s", [value])


@contextmanager
def tenant_active(tenant: "UUID | object") -> Iterator[None]:
    """Run the block in one transaction with this tenant (a Tenant or its id) active.

    If the same tenant is active already, join the open transaction. Raises TenantMixup if another one is.
    """
    tenant_id = tenant if isinstance(tenant, UUID) else tenant.id  # type: ignore[attr-defined]  # a Tenant, which this module cannot import
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
    """Run the block as the outer transaction of an operation, or join the open one (a request's)."""
    with transaction.atomic(savepoint=False):
        yield
