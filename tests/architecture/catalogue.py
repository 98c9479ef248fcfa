"""The database's own catalogue, read for anything that breaks the tenancy's rules.

Each rule is a function from a cursor to what breaks it, in words; test_catalogue plants a
violation of every one. The lists are the exceptions, each with its reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[[Any], list[str]]

GLOBALS = {
    "accounts_backupcode": "belongs to a person, who alone sees it (a policy of its own)",
    "accounts_device": "belongs to a person, who alone sees it (a policy of its own)",
    "accounts_signincode": "sign-in comes before any tenant; shown to who names its number",
    "accounts_user": "a person acts for parties of several tenants",
    "accounts_user_groups": "belongs to a person",
    "accounts_user_user_permissions": "belongs to a person",
    "auth_group": "names a set of grants, no data",
    "auth_group_permissions": "names a set of grants, no data",
    "auth_permission": "describes the code",
    "axes_accessattempt": "sign-in comes before any tenant",
    "axes_accessattemptexpiration": "sign-in comes before any tenant",
    "axes_accessfailurelog": "sign-in comes before any tenant",
    "axes_accesslog": "sign-in comes before any tenant",
    "dealers_region": "GB/T 2260, the same for everybody; read only",
    "dealers_regionchange": "changes of GB/T 2260, the same for everybody; read only",
    "django_admin_log": "read only and empty: what is done by hand goes to audit_auditentry",
    "django_celery_beat_clockedschedule": "the platform's own schedule",
    "django_celery_beat_crontabschedule": "the platform's own schedule",
    "django_celery_beat_intervalschedule": "the platform's own schedule",
    "django_celery_beat_periodictask": "the platform's own schedule",
    "django_celery_beat_periodictasks": "the platform's own schedule",
    "django_celery_beat_solarschedule": "the platform's own schedule",
    "django_content_type": "describes the code",
    "django_migrations": "describes the schema",
    "django_session": "belongs to a person; the tenant is chosen inside it",
    "guardian_groupobjectpermission": "not granted: grants have tables of their own",
    "guardian_userobjectpermission": "not granted: grants have tables of their own",
    "otp_totp_totpdevice": "belongs to a person, who alone sees it (a policy of its own)",
    "tenancy_tenant": "the tenants themselves; read only",
    "tenancy_tenanthost": "leads from a host name to its tenant; read only",
}
READ_ONLY = {
    "auth_permission",
    "dealers_region",
    "dealers_regionchange",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "tenancy_tenant",
    "tenancy_tenanthost",
}
NOT_GRANTED = {"guardian_groupobjectpermission", "guardian_userobjectpermission"}
PERMANENT = {
    "alliance_application",
    "alliance_authorisation",
    "ledger_account",
    "ledger_book",
    "ledger_openitem",
    "ledger_temporarycredit",
    "ordering_order",
    "ordering_orderline",
    "ordering_return",
    "ordering_returnline",
    "ordering_shipment",
    "ordering_shipmentline",
    "ordering_tradeday",
    "ordering_tradefact",
}
APPEND_ONLY = {
    "alliance_breachreply",
    "alliance_servicefact",
    "alliance_authorisationnotice",
    "alliance_contractnotice",
    "alliance_dutyevidence",
    "alliance_applicationdocument",
    "alliance_applicationentry",
    "alliance_evidence",
    "alliance_signature",
    "catalogue_stagechange",
    "audit_auditentry",
    "dealers_tiermonth",
    "ledger_entry",
    "ledger_journal",
    "ordering_manualprice",
    "ordering_stockmovement",
    "rebates_carried",
    "rebates_pricedropdocument",
    "rebates_statement",
    "ordering_deliveryslip",
    "ordering_stockreport",
}
MINE = "(tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)"
READABLE_BEFORE_A_TENANT = {
    "alliance_authorisation": (
        "((code)::text = NULLIF(current_setting('app.authorisation'::text, true), ''::text))"
    ),
    "dealers_invitation": (
        "((user_id = (NULLIF(current_setting('app.user'::text, true), ''::text))::uuid) OR"
        " ((token_hash)::text = NULLIF(current_setting('app.invitation'::text, true), ''::text)))"
    ),
    "dealers_membership": "(user_id = (NULLIF(current_setting('app.user'::text, true), ''::text))::uuid)",
    "integrations_apikey": (
        "((key_hash)::text = NULLIF(current_setting('app.key_hash'::text, true), ''::text))"
    ),
    "jobs_outboxdue": "(current_setting('app.sweeping'::text, true) = 'on'::text)",
}
OURS = "n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'"
TABLES = (
    "(SELECT c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,"
    " c.relowner, c.relacl, c.relnamespace, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid"
    " AND a.attname = 'tenant_id' AND NOT a.attisdropped) AS has_tenant"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE c.relkind IN ('r', 'p') AND {OURS})"
)
TENANT_TABLES = f"(SELECT * FROM {TABLES} t WHERE has_tenant AND relname <> ALL (%(globals)s))"
KEY_COLUMNS = (
    "(SELECT array_agg(a.attname::text ORDER BY k.place)"
    " FROM unnest({key}) WITH ORDINALITY AS k(number, place)"
    " JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"
)
FROM_EXTENSION = "EXISTS (SELECT FROM pg_depend x WHERE x.objid = {oid} AND x.deptype = 'e')"


def _found(cursor: Any, sql: str, words: str, **values: Any) -> list[str]:
    cursor.execute(sql, {"globals": list(GLOBALS), **values})
    return [words.format(*row) for row in cursor.fetchall()]


def every_table_has_a_tenant_or_a_reason(cursor: Any) -> list[str]:
    sql = f"SELECT relname FROM {TABLES} t WHERE NOT has_tenant AND relname <> ALL (%(globals)s)"
    return _found(cursor, sql, "{0} has no tenant_id and no reason")


def every_reason_has_its_table(cursor: Any) -> list[str]:
    sql = f"SELECT g FROM unnest(%(globals)s) g WHERE g NOT IN (SELECT relname FROM {TABLES} t)"
    return _found(cursor, sql, "{0} is gone: take it off the list")


def the_tenant_is_never_missing(cursor: Any) -> list[str]:
    sql = (
        f"SELECT t.relname FROM {TENANT_TABLES} t JOIN pg_attribute a ON a.attrelid = t.oid"
        " AND a.attname = 'tenant_id' WHERE NOT a.attnotnull OR a.atttypid <> 'uuid'::regtype"
    )
    return _found(cursor, sql, "{0}.tenant_id may be null or is no uuid")


def row_security_is_enabled_and_forced(cursor: Any) -> list[str]:
    sql = f"SELECT relname FROM {TENANT_TABLES} t WHERE NOT (relrowsecurity AND relforcerowsecurity)"
    return _found(cursor, sql, "row security is not enabled and forced on {0}")


def every_policy_is_the_tenants(cursor: Any) -> list[str]:
    """One policy for everybody and everything; a second one only from the short list, to read."""
    sql = (
        "SELECT t.relname, p.polname, p.polcmd, pg_get_expr(p.polqual, p.polrelid),"
        " pg_get_expr(p.polwithcheck, p.polrelid), p.polroles = '{0}', p.polpermissive"
        f" FROM {TENANT_TABLES} t LEFT JOIN pg_policy p ON p.polrelid = t.oid"
    )
    cursor.execute(sql, {"globals": list(GLOBALS)})
    found, walled, tables = [], set(), set()
    for table, policy, command, using, check, everybody, permissive in cursor.fetchall():
        tables.add(table)
        if (command, using, check, everybody, permissive) == ("*", MINE, MINE, True, True):
            walled.add(table)
        elif policy and (command, using) != ("r", READABLE_BEFORE_A_TENANT.get(table)):
            found.append(f"{table} has a policy of its own: {policy}")
    return found + [f"{table} has no policy with USING and WITH CHECK" for table in sorted(tables - walled)]


def primary_keys_begin_with_the_tenant(cursor: Any) -> list[str]:
    columns = KEY_COLUMNS.format(key="k.conkey", table="t.oid")
    sql = (
        f"SELECT t.relname FROM {TENANT_TABLES} t LEFT JOIN pg_constraint k ON k.conrelid = t.oid"
        f" AND k.contype = 'p' WHERE k.oid IS NULL OR ({columns})[1] <> 'tenant_id'"
    )
    return _found(cursor, sql, "the primary key of {0} does not begin with the tenant")


def unique_keys_contain_the_tenant(cursor: Any) -> list[str]:
    """Exclusion constraints too."""
    sql = (
        f"SELECT t.relname, i.indexrelid::regclass FROM {TENANT_TABLES} t JOIN pg_index i"
        " ON i.indrelid = t.oid WHERE (i.indisunique OR i.indisexclusion) AND NOT EXISTS (SELECT FROM"
        " pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.attnum = ANY (i.indkey))"
    )
    return _found(cursor, sql, "{1} on {0} holds across tenants")


def foreign_keys_carry_the_tenant(cursor: Any) -> list[str]:
    sql = (
        f"SELECT t.relname, k.conname FROM {TENANT_TABLES} t JOIN pg_constraint k ON k.conrelid = t.oid"
        f" AND k.contype = 'f' JOIN {TENANT_TABLES} o ON o.oid = k.confrelid WHERE NOT EXISTS (SELECT FROM"
        " unnest(k.conkey, k.confkey) AS pair(mine, theirs) JOIN pg_attribute a ON a.attrelid = t.oid"
        " AND a.attnum = pair.mine JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = pair.theirs"
        " WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')"
    )
    return _found(cursor, sql, "{1} of {0} crosses tenants")


def no_foreign_key_empties_its_columns(cursor: Any) -> list[str]:
    """SET NULL or SET DEFAULT would also empty the tenant, and Citus refuses it."""
    sql = (
        f"SELECT t.relname, k.conname FROM {TENANT_TABLES} t JOIN pg_constraint k ON k.conrelid = t.oid"
        " AND k.contype = 'f' WHERE k.confdeltype IN ('n', 'd') OR k.confupdtype IN ('n', 'd')"
    )
    return _found(cursor, sql, "{1} of {0} sets null")


def no_global_table_points_at_tenant_data(cursor: Any) -> list[str]:
    sql = (
        f"SELECT g.relname, k.conname FROM {TABLES} g JOIN pg_constraint k ON k.conrelid = g.oid"
        f" AND k.contype = 'f' JOIN {TENANT_TABLES} t ON t.oid = k.confrelid"
        " WHERE g.relname = ANY (%(globals)s) OR NOT g.has_tenant"
    )
    return _found(cursor, sql, "{0} points at tenant data by {1}")


def ids_are_not_counted(cursor: Any) -> list[str]:
    """Identity and serial columns: Citus blocks later ALTERs, and a number tells of other tenants."""
    sql = (
        f"SELECT t.relname, a.attname FROM {TENANT_TABLES} t JOIN pg_attribute a ON a.attrelid = t.oid"
        " LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum"
        " WHERE a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%%'"
    )
    return _found(cursor, sql, "{0}.{1} is counted")


def views_run_with_the_readers_rights(cursor: Any) -> list[str]:
    sql = (
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind = 'v' AND {OURS} AND NOT {FROM_EXTENSION.format(oid='c.oid')} AND NOT EXISTS"
        " (SELECT FROM unnest(c.reloptions) o WHERE o IN ('security_invoker=true', 'security_invoker=on'))"
    )
    return _found(cursor, sql, "the view {0} is not security_invoker")


def no_materialized_view_keeps_tenant_data(cursor: Any) -> list[str]:
    sql = (
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        f" WHERE c.relkind = 'm' AND {OURS}"
    )
    return _found(cursor, sql, "{0} is a materialized view: row security does not reach it")


def no_function_borrows_its_owners_rights(cursor: Any) -> list[str]:
    sql = (
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        f" WHERE p.prosecdef AND {OURS} AND NOT {FROM_EXTENSION.format(oid='p.oid')}"
    )
    return _found(cursor, sql, "{0} is SECURITY DEFINER")


def policy_functions_are_not_volatile(cursor: Any) -> list[str]:
    sql = (
        "SELECT DISTINCT c.relname, p.proname FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid,"
        " regexp_matches(coalesce(y.polqual::text, '') || coalesce(y.polwithcheck::text, ''),"
        " 'funcid ([0-9]+)', 'g') AS used JOIN pg_proc p ON p.oid = used[1]::oid WHERE p.provolatile = 'v'"
    )
    return _found(cursor, sql, "a policy of {0} calls {1} anew for every row")


def the_role_cannot_pass(cursor: Any, role: str) -> list[str]:
    """No superuser, no BYPASSRLS, no way to make roles or databases, member of nothing."""
    sql = (
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname = %(role)s AND (r.rolsuper OR r.rolbypassrls"
        " OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication"
        " OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))"
    )
    return _found(cursor, sql, "{0} has more than a plain role's powers", role=role)


def the_role_owns_nothing(cursor: Any, role: str) -> list[str]:
    sql = (
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname = %(role)s"
        " AND (EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
        " OR EXISTS (SELECT FROM pg_proc WHERE proowner = r.oid)"
        " OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = r.oid)"
        " OR EXISTS (SELECT FROM pg_database WHERE datdba = r.oid))"
    )
    return _found(cursor, sql, "{0} owns something", role=role)


def the_role_makes_nothing(cursor: Any, role: str) -> list[str]:
    sql = (
        "SELECT nspname FROM pg_namespace n WHERE has_schema_privilege(%(role)s, n.oid, 'CREATE')"
        " UNION ALL SELECT datname FROM pg_database WHERE datname = current_database()"
        " AND has_database_privilege(%(role)s, oid, 'CREATE')"
    )
    return _found(cursor, sql, "the application may create in {0}", role=role)


def the_role_has_row_rights_only(cursor: Any, role: str) -> list[str]:
    """TRUNCATE passes row security; REFERENCES and TRIGGER see through it."""
    sql = (
        f"SELECT relname FROM {TABLES} t WHERE has_table_privilege(%(role)s, t.oid,"
        " 'TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')"
    )
    return _found(cursor, sql, "the application may do more than read and write rows of {0}", role=role)


def nobody_else_has_rights(cursor: Any) -> list[str]:
    sql = f"SELECT relname FROM {TABLES} t, aclexplode(t.relacl) one WHERE one.grantee = 0"
    return _found(cursor, sql, "PUBLIC has rights on {0}")


def partitions_are_reached_by_their_table_alone(cursor: Any, role: str) -> list[str]:
    sql = (
        f"SELECT relname FROM {TABLES} t WHERE relispartition AND (has_table_privilege(%(role)s, t.oid,"
        " 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(%(role)s, t.oid, 'SELECT, UPDATE'))"
    )
    return _found(cursor, sql, "the application may address the partition {0}", role=role)


def read_only_tables_are(cursor: Any, role: str) -> list[str]:
    sql = (
        f"SELECT relname FROM {TABLES} t WHERE relname = ANY (%(tables)s)"
        " AND (has_table_privilege(%(role)s, t.oid, 'INSERT, UPDATE, DELETE')"
        " OR has_any_column_privilege(%(role)s, t.oid, 'INSERT, UPDATE'))"
    )
    return _found(cursor, sql, "the application may write {0}", role=role, tables=list(READ_ONLY))


def permanent_tables_are(cursor: Any, role: str) -> list[str]:
    """No right to delete, and only the listed ones lack it."""
    deletable = "has_table_privilege(%(role)s, t.oid, 'DELETE')"
    sql = (
        f"SELECT relname FROM {TENANT_TABLES} t WHERE NOT t.relispartition AND relname <> ALL (%(others)s)"
        f" AND {deletable} = (relname = ANY (%(tables)s))"
    )
    others = [*APPEND_ONLY, *READ_ONLY, *NOT_GRANTED]
    message = "whether the application may delete {0} is not what the list says"
    return _found(cursor, sql, message, role=role, tables=list(PERMANENT), others=others)


def generic_grants_are_out_of_reach(cursor: Any, role: str) -> list[str]:
    sql = (
        f"SELECT relname FROM {TABLES} t WHERE relname = ANY (%(tables)s)"
        " AND has_any_column_privilege(%(role)s, t.oid, 'SELECT, INSERT, UPDATE')"
    )
    return _found(cursor, sql, "the application reaches {0}", role=role, tables=list(NOT_GRANTED))


def append_only_tables_are(cursor: Any, role: str) -> list[str]:
    """No right to change, and a trigger that stops the owner too; the list and the triggers agree."""
    sql = (
        f"SELECT t.relname FROM {TENANT_TABLES} t LEFT JOIN pg_trigger g ON g.tgrelid = t.oid"
        " AND g.tgname = 'append_only' AND g.tgenabled = 'O' AND g.tgtype & 27 = 27"
        " WHERE (t.relname = ANY (%(tables)s) AND (g.oid IS NULL"
        " OR has_table_privilege(%(role)s, t.oid, 'UPDATE, DELETE')"
        " OR has_any_column_privilege(%(role)s, t.oid, 'UPDATE')))"
        " OR (g.oid IS NOT NULL AND NOT t.relispartition AND t.relname <> ALL (%(tables)s))"
    )
    return _found(cursor, sql, "{0} is not append-only as it should be", role=role, tables=list(APPEND_ONLY))
