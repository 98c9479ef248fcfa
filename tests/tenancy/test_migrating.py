"""What migrations do to tables that hold rows of several tenants, and how they wait."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import IntegrityError, OperationalError, connections, migrations, transaction
from django.db.migrations.state import ProjectState
from django.db.models import UUIDField
from psycopg2.errors import LockNotAvailable

from catalogue.models import Brand
from tenancy.context import tenant_active
from tenancy.migration import RunUnforced, TenantTable, secure
from tenancy.models import Tenant, new_id

PARENT = "CREATE TABLE {0} (tenant_id uuid NOT NULL, id uuid, parent_id uuid, PRIMARY KEY (tenant_id, id))"


@pytest.fixture
def editor(committed: str) -> Iterator[Any]:
    """A migration's transaction as the owner, taken back afterwards."""
    with transaction.atomic("owner"):
        with connections["owner"].schema_editor(atomic=False) as editor:
            yield editor
        transaction.set_rollback(True, "owner")
    connections["owner"].close()


@pytest.fixture
def brands(committed: str) -> None:
    for slug in ("acme", "bolt"):
        with tenant_active(Tenant.objects.get(slug=slug)):
            Brand.objects.create(name=slug)


def _rename(apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_brand SET name = upper(name)")
        changed.append(cursor.rowcount)


changed: list[int] = []


@pytest.mark.parametrize(
    ("operation", "rows"),
    [(RunUnforced(_rename, ["catalogue_brand"]), 2), (migrations.RunPython(_rename), 0)],
    ids=["unforced", "naive"],
)
def test_a_data_migration_reaches_every_tenants_rows(
    brands: None, editor: Any, operation: Any, rows: int
) -> None:
    changed.clear()
    operation.database_forwards("catalogue", editor, ProjectState(), ProjectState())
    assert changed == [rows]
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'catalogue_brand'")
        assert cursor.fetchone() == (True,)


class _Field(UUIDField):
    """As much of a TenantForeignKey as TenantTable looks at."""

    def __init__(self, target: Any) -> None:
        super().__init__(name="parent")
        self.column, self.remote_field = "parent_id", SimpleNamespace(model=target)  # type: ignore[assignment]  # a stand-in


def _state(table: str, *fields: Any) -> Any:
    tenant = SimpleNamespace(name="tenant")
    meta = SimpleNamespace(db_table=table, local_fields=[tenant, *fields])
    return SimpleNamespace(_meta=meta)


def _plant(editor: Any, parent_of_child: Any) -> Any:
    """A parent and a child with rows already there, both behind forced walls."""
    tenant, parent = str(Tenant.objects.get(slug="acme").id), str(new_id())
    for table, row in (("planted_parent", parent), ("planted_child", str(new_id()))):
        editor.execute(PARENT.format(table))
        points_at = parent_of_child or parent if table == "planted_child" else None
        editor.execute(f"INSERT INTO {table} VALUES (%s, %s, %s)", [tenant, row, points_at])
        secure(editor, table)
    child = _state("planted_child", _Field(_state("planted_parent")))
    return SimpleNamespace(apps=SimpleNamespace(get_model=lambda *names: child))


def test_a_new_key_over_rows_that_hold_is_made(editor: Any) -> None:
    TenantTable("Child").database_forwards("planted", editor, None, _plant(editor, None))
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = 'planted_child_parent_id_fk'")
        assert cursor.fetchone() == (True,)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname IN ('planted_parent', 'planted_child')"
            " AND relforcerowsecurity"
        )
        assert cursor.fetchone() == (2,)


def test_a_new_key_over_rows_that_break_it_is_refused(editor: Any) -> None:
    state = _plant(editor, str(new_id()))
    with pytest.raises(IntegrityError), transaction.atomic("owner"):
        TenantTable("Child").database_forwards("planted", editor, None, state)
    editor.execute(
        "ALTER TABLE planted_child ADD FOREIGN KEY (tenant_id, parent_id) REFERENCES planted_parent", None
    )
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT convalidated FROM pg_constraint"
            " WHERE conrelid = 'planted_child'::regclass AND contype = 'f'"
        )
        assert cursor.fetchone() == (True,), "the naive way: valid, and never checked"


def _in_use() -> OperationalError:
    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = LockNotAvailable()
    return error


@pytest.mark.parametrize(("busy", "calls"), [(2, 3), (0, 1)])
def test_a_migration_gives_way_and_comes_back(
    committed: str, monkeypatch: pytest.MonkeyPatch, busy: int, calls: int
) -> None:
    seen: list[str] = []

    def handle(self: Any, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])
        if len(seen) <= busy:
            raise _in_use()

    monkeypatch.setattr(DjangosMigrate, "handle", handle)
    call_command("migrate", stderr=StringIO())
    assert seen == ["2s"] * calls


def test_another_error_of_a_migration_is_not_tried_again(
    committed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handle(self: Any, *args: Any, **options: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(DjangosMigrate, "handle", handle)
    with pytest.raises(OperationalError, match="gone"):
        call_command("migrate")
