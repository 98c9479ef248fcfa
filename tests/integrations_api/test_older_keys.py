"""Keys issued before a key knew its issuer: found in the audit trail, or ended."""

from importlib import import_module

import pytest
from django.db import connections, transaction
from django.utils import timezone

from accounts.rights import Actor, the_system
from audit.models import AuditEntry
from integrations.models import ApiKey
from integrations.operations.api_keys import issue_key
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_manufacturer, a_party
from tests.people import a_membership

# The migration read the audit trail before audit.0003 gave its table and columns other names.
TRAIL_AS_IT_WAS = (
    "CREATE VIEW audit_trace AS SELECT tenant_id, at, user_id, party_id, target AS noun,"
    " target_id AS noun_id, CASE action WHEN 'api_key.issue' THEN 'issued' ELSE action END AS deed"
    " FROM audit_auditentry"
)
migration = import_module("integrations.migrations.0005_keys_answer_to_somebody")


@pytest.fixture
def older(committed):
    """By a person, by the platform, and one of which the audit trail tells nothing."""
    with tenant_active(Tenant.objects.get(slug="acme")):
        maker = a_manufacturer()
        person = a_membership(maker).user
        by = Actor(maker.id, "manufacturer", "director", person.pk)
        dealer, at = a_party(), timezone.now()
        for name, who in (("a person's", by), ("the platform's", the_system())):
            issue_key(party=dealer, name=name, scopes=["party.view"], by=who, at=at)
        ApiKey.objects.create(
            name="untold", key_hash="x", hint="x", party=dealer, party_kind="dealer", role="owner",
            scopes=["party.view"], is_platforms=True,
        )  # fmt: skip
        assert AuditEntry.objects.filter(target="integrations.apikey").count() == 2
    return person


def test_their_issuer_is_found_in_the_audit_trail_or_they_end(older):
    try:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE integrations_apikey DROP CONSTRAINT api_key_answers_to_somebody")
            for table in ("integrations_apikey", "audit_auditentry"):
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(TRAIL_AS_IT_WAS)
            cursor.execute("UPDATE integrations_apikey SET issued_by_id = NULL, is_platforms = false")
            with connections["owner"].schema_editor(atomic=False) as editor:
                migration.find_their_issuers(None, editor)
            cursor.execute(
                "SELECT name, is_active, issued_by_id, is_platforms, ended_why FROM integrations_apikey"
                " ORDER BY name"
            )
            found = cursor.fetchall()
            transaction.set_rollback(True, "owner")
    finally:
        connections["owner"].close()
    assert found == [
        ("a person's", True, older.pk, False, ""),
        ("the platform's", True, None, True, ""),
        ("untold", False, None, False, "issuer_unknown"),
    ]
