"""The walls stand, and the rules that watch them are not blind: each finds a planted violation."""

import pytest
from django.db import connections

from tests.architecture import catalogue
from tests.architecture.catalogue import GLOBALS, MINE
from tests.conftest import _admin

APP, OWNER, BACKUP = "tripact_app", "tripact_owner", "tripact_backup"
TABLE = "CREATE TABLE planted (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))"
FORCED = "ALTER TABLE planted ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
POLICY = f"CREATE POLICY planted ON planted USING ({MINE})"

PLANTED = {
    "every_table_has_a_tenant_or_a_reason": ["CREATE TABLE planted (id uuid PRIMARY KEY)"],
    "every_reason_has_its_table": ["DROP TABLE axes_accesslog"],
    "the_tenant_is_never_missing": ["CREATE TABLE planted (tenant_id uuid, id uuid)"],
    "row_security_is_enabled_and_forced": ["ALTER TABLE ordering_order NO FORCE ROW LEVEL SECURITY"],
    "every_policy_is_the_tenants": ["CREATE POLICY planted ON ordering_order FOR SELECT USING (true)"],
    "primary_keys_begin_with_the_tenant": [
        "CREATE TABLE planted (tenant_id uuid NOT NULL, id uuid PRIMARY KEY)"
    ],
    "unique_keys_contain_the_tenant": ["CREATE UNIQUE INDEX planted ON dealers_party (code)"],
    "foreign_keys_carry_the_tenant": [
        "CREATE TABLE target (tenant_id uuid NOT NULL, id uuid UNIQUE)",
        "CREATE TABLE planted (tenant_id uuid NOT NULL, id uuid REFERENCES target (id))",
    ],
    "no_foreign_key_empties_its_columns": [
        f"{TABLE[:-1]}, party_id uuid,"
        " FOREIGN KEY (tenant_id, party_id) REFERENCES dealers_party ON DELETE SET NULL)"
    ],
    "no_global_table_points_at_tenant_data": [
        "ALTER TABLE accounts_user ADD tenant uuid, ADD party uuid,"
        " ADD FOREIGN KEY (tenant, party) REFERENCES dealers_party"
    ],
    "ids_are_not_counted": ["CREATE TABLE planted (tenant_id uuid NOT NULL, id serial)"],
    "views_run_with_the_readers_rights": ["CREATE VIEW planted AS SELECT * FROM ordering_order"],
    "no_materialized_view_keeps_tenant_data": ["CREATE MATERIALIZED VIEW planted AS SELECT 1 AS one"],
    "no_function_borrows_its_owners_rights": [
        "CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
    ],
    "policy_functions_are_not_volatile": [
        "CREATE FUNCTION mine() RETURNS uuid LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE POLICY planted ON ordering_order USING (tenant_id = mine())",
    ],
    "the_role_owns_nothing": [],
    "the_role_cannot_pass": [],
    "the_role_makes_nothing": [f"GRANT CREATE ON SCHEMA public TO {APP}"],
    "the_role_has_row_rights_only": [f"GRANT TRUNCATE ON ordering_order TO {APP}"],
    "nobody_else_has_rights": ["GRANT SELECT ON ordering_order TO PUBLIC"],
    "partitions_are_reached_by_their_table_alone": [f"GRANT SELECT ON ordering_tradefact_default TO {APP}"],
    "read_only_tables_are": [f"GRANT UPDATE (name) ON tenancy_tenant TO {APP}"],
    "generic_grants_are_out_of_reach": [f"GRANT SELECT ON guardian_userobjectpermission TO {APP}"],
    "permanent_tables_are": [f"GRANT DELETE ON ledger_openitem TO {APP}"],
    "append_only_tables_are": [f"GRANT UPDATE (amount) ON ledger_entry TO {APP}"],
}
MORE_PLANTED = {
    "row_security_is_enabled_and_forced": [TABLE],
    "every_policy_is_the_tenants": [TABLE, FORCED],
    "partitions without row security": [
        "CREATE TABLE planted PARTITION OF ordering_tradefact"
        " FOR VALUES FROM ('1999-01-01') TO ('1999-02-01')"
    ],
    "a policy that checks no write": [TABLE, FORCED, f"{POLICY} WITH CHECK (true)"],
    "a policy that only reads": [TABLE, FORCED, POLICY.replace(" USING", " FOR SELECT USING")],
    "the trigger of append-only": ["ALTER TABLE ledger_entry DISABLE TRIGGER append_only"],
    "an exclusion across tenants": [
        "CREATE TABLE planted (tenant_id uuid NOT NULL, area int8range, EXCLUDE USING gist (area WITH &&))"
    ],
}
WHO_FINDS = {
    "partitions without row security": "row_security_is_enabled_and_forced",
    "a policy that checks no write": "every_policy_is_the_tenants",
    "a policy that only reads": "every_policy_is_the_tenants",
    "the trigger of append-only": "append_only_tables_are",
    "an exclusion across tenants": "unique_keys_contain_the_tenant",
}


@pytest.fixture(scope="module")
def owner(django_db_setup):
    connection = _admin(str(connections["default"].settings_dict["NAME"]))
    connection.autocommit = False
    yield connection
    connection.close()


@pytest.fixture
def cursor(owner):
    with owner.cursor() as cursor:
        yield cursor
    owner.rollback()


def _broken(rule: str, cursor, role: str = APP) -> list[str]:
    function = getattr(catalogue, rule)
    return function(cursor, role) if "role" in function.__code__.co_varnames else function(cursor)


@pytest.mark.parametrize("rule", PLANTED)
def test_nothing_breaks_the_rule(cursor, rule):
    assert _broken(rule, cursor) == []


@pytest.mark.parametrize("rule", [rule for rule in PLANTED if PLANTED[rule]])
def test_the_rule_finds_a_planted_violation(cursor, rule):
    for sql in PLANTED[rule]:
        cursor.execute(sql)
    assert _broken(rule, cursor)


@pytest.mark.parametrize("planted", MORE_PLANTED)
def test_the_rule_finds_another_violation(cursor, planted):
    for sql in MORE_PLANTED[planted]:
        cursor.execute(sql)
    assert _broken(WHO_FINDS.get(planted, planted), cursor)


def test_a_role_with_powers_is_found(cursor):
    assert _broken("the_role_cannot_pass", cursor, "postgres")
    assert _broken("the_role_cannot_pass", cursor, BACKUP)
    assert _broken("the_role_owns_nothing", cursor, OWNER)


def test_every_rule_is_watched_over():
    rules = {
        name
        for name, one in vars(catalogue).items()
        if callable(one) and getattr(one, "__module__", "") == catalogue.__name__ and name[0] != "_"
    }
    assert rules == set(PLANTED)


def test_every_exception_has_a_reason():
    assert all(GLOBALS.values())
