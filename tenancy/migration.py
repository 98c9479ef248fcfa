"""Migration operations that add row security and composite keys to tables. They run as the owner's role.

Under FORCE ROW LEVEL SECURITY a foreign key that the owner adds is marked valid without a check, and a
data migration updates no row. Both must run with FORCE lifted, inside the migration's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, migrations
from django.db.migrations.operations.base import Operation

TENANT_IS_MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def app_role() -> str:
    return str(connections["default"].settings_dict["USER"])


class TenantTable(Operation):
    """Give a table the primary key (tenant_id, id), composite foreign keys and forced row security.

    Idempotent: repeated after a field was added, it adds the missing foreign key. `append_only` refuses
    UPDATE and DELETE to everyone; `permanent` takes DELETE from the application's role. `also_readable` is
    a second policy, for SELECT only, for rows that are read before a tenant is active.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(
        self,
        name: str,
        *,
        append_only: bool = False,
        permanent: bool = False,
        also_readable: str = "",
        partition_by: str = "",
        key: Sequence[str] = ("id",),
    ) -> None:
        self.name, self.append_only, self.permanent = name, append_only, permanent
        self.also_readable = also_readable
        self.partition_by, self.key = partition_by, key

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {"name": self.name}
        if self.append_only:
            kwargs["append_only"] = True
        if self.permanent:
            kwargs["permanent"] = True
        if self.also_readable:
            kwargs["also_readable"] = self.also_readable
        if self.partition_by:
            kwargs["partition_by"] = self.partition_by
        if tuple(self.key) != ("id",):
            kwargs["key"] = self.key
        return type(self).__name__, [], kwargs

    def describe(self) -> str:
        return f"Bring the table of {self.name} to the tenancy's rules"

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_backwards(self, *args: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        if self.partition_by:
            partition_table(schema_editor, model, self.partition_by, self.key)
        else:
            _composite_primary_key(schema_editor, table)
        run(schema_editor, f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        for field in model._meta.local_fields:
            if (
                getattr(field, "remote_field", None)
                and hasattr(field.remote_field.model, "_meta")
                and any(f.name == "tenant" for f in field.remote_field.model._meta.local_fields)
            ):
                _composite_foreign_key(
                    schema_editor, table, field.column, field.remote_field.model._meta.db_table
                )
        secure(schema_editor, table, also_readable=self.also_readable)
        if self.append_only:
            _append_only(schema_editor, table)
        if self.permanent:
            run(schema_editor, f'REVOKE DELETE ON "{table}" FROM "{app_role()}"')


def run(schema_editor: Any, sql: str) -> None:
    """Execute SQL without parameters, so that a % in it is literal."""
    schema_editor.execute(sql, None)


def secure(schema_editor: Any, table: str, *, also_readable: str = "") -> None:
    """Enable row security on one table. A partition does not inherit it and needs its own."""
    run(schema_editor, f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    run(schema_editor, f'DROP POLICY IF EXISTS tenant_is_mine ON "{table}"')
    run(
        schema_editor,
        f'CREATE POLICY tenant_is_mine ON "{table}" USING ({TENANT_IS_MINE}) WITH CHECK ({TENANT_IS_MINE})',
    )
    if also_readable:
        run(schema_editor, f'DROP POLICY IF EXISTS also_readable ON "{table}"')
        run(schema_editor, f'CREATE POLICY also_readable ON "{table}" FOR SELECT USING ({also_readable})')
    run(schema_editor, f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


def _composite_primary_key(schema_editor: Any, table: str) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, array_length(conkey, 1) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'p'",
            [f'"{table}"'],
        )
        name, columns = cursor.fetchone()
    if columns == 1:
        run(schema_editor, f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        run(schema_editor, f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" PRIMARY KEY (tenant_id, id)')


def _composite_foreign_key(schema_editor: Any, table: str, column: str, target: str) -> None:
    """Add a composite foreign key with FORCE lifted on both tables, else its check sees no rows."""
    name = f"{table}_{column}_fk"[:63]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
            [f'"{table}"', name],
        )
        if cursor.fetchone():
            return
    if target != table:
        run(schema_editor, f'ALTER TABLE "{target}" NO FORCE ROW LEVEL SECURITY')
    run(
        schema_editor,
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (tenant_id, "{column}") '
        f'REFERENCES "{target}" (tenant_id, id)',
    )
    if target != table:
        run(schema_editor, f'ALTER TABLE "{target}" FORCE ROW LEVEL SECURITY')


def _append_only(schema_editor: Any, table: str) -> None:
    run(schema_editor, f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{app_role()}"')
    run(
        schema_editor,
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only: a correction is a reversal', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END $$",
    )
    run(schema_editor, f'DROP TRIGGER IF EXISTS append_only ON "{table}"')
    run(
        schema_editor,
        f'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    )


def partition_table(schema_editor: Any, model: Any, column: str, key: Sequence[str]) -> None:
    """Replace the empty table that Django created by one partitioned by month of `column`.

    The primary key is (tenant_id, column, *key). The default partition takes the rows of months without
    a partition, mostly the past of an import; `manage.py partitions` creates the months ahead. Django
    creates the indexes of CreateModel afterwards, on the partitioned table.
    """
    table = model._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE oid = %s::regclass", [f'"{table}"'])
        if cursor.fetchone()[0] == "p":
            return
    columns = ", ".join(f'"{name}"' for name in ("tenant_id", column, *key))
    run(schema_editor, f'ALTER TABLE "{table}" RENAME TO "{table}_plain"')
    run(
        schema_editor,
        f'CREATE TABLE "{table}" (LIKE "{table}_plain" INCLUDING DEFAULTS INCLUDING CONSTRAINTS, '
        f'CONSTRAINT "{table}_key" PRIMARY KEY ({columns})) PARTITION BY RANGE ("{column}")',
    )
    run(schema_editor, f'DROP TABLE "{table}_plain"')
    for constraint in model._meta.constraints:
        schema_editor.add_constraint(model, constraint)
    run(schema_editor, f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT')
    secure_partition(schema_editor, f"{table}_default")


def secure_partition(schema_editor: Any, name: str) -> None:
    """Secure a partition, which inherits neither row security nor rights, and revoke direct access."""
    secure(schema_editor, name)
    run(schema_editor, f'REVOKE ALL ON "{name}" FROM "{app_role()}"')


class RunUnforced(migrations.RunPython):
    """Run a data migration over tenant tables with FORCE lifted on them."""

    def __init__(self, code: Callable[..., None], tables: Sequence[str], **kwargs: Any) -> None:
        super().__init__(code, **kwargs)
        self.tables = tables

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            run(schema_editor, f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        for table in self.tables:
            run(schema_editor, f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


class Grant(Operation):
    """Grant the application's role rights on a table without a tenant, for example only `SELECT`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str, rights: str) -> None:
        self.name, self.rights = name, rights

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "rights": self.rights}

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        run(schema_editor, f'REVOKE ALL ON "{table}" FROM "{app_role()}"')
        run(schema_editor, f'GRANT {self.rights} ON "{table}" TO "{app_role()}"')

    def database_backwards(self, *args: Any) -> None:
        pass


def open_schema(apps: Any, schema_editor: Any) -> None:
    """Grant the application's role its default rights: rows, never structure, never TRUNCATE."""
    role = app_role()
    if role == str(schema_editor.connection.settings_dict["USER"]):
        raise RuntimeError("Migrations run as the owner (OWNER_DATABASE_URL), not as the application's role.")
    by_default = "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
    for sql in (
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f'GRANT USAGE ON SCHEMA public TO "{role}"',
        f'{by_default} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'{by_default} GRANT USAGE, SELECT ON SEQUENCES TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
    ):
        run(schema_editor, sql)


READ_ONLY = ("django_migrations", "django_content_type", "auth_permission", "django_admin_log")


def read_only_globals(apps: Any, schema_editor: Any) -> None:
    """Let only the owner write the tables of Django that describe the schema."""
    for table in READ_ONLY:
        run(schema_editor, f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM "{app_role()}"')
