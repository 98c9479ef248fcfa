"""Keys issued before a key knew its issuer: their issuer from the audit trail, or their end."""

from django.db import migrations, models

from tenancy.migration import RunUnforced

ISSUED = (
    "SELECT DISTINCT ON (t.tenant_id, t.noun_id) t.tenant_id, t.noun_id, t.user_id, t.party_id"
    " FROM audit_trace t WHERE t.noun = 'integrations.apikey' AND t.deed = 'issued'"
    " ORDER BY t.tenant_id, t.noun_id, t.at"
)
BY_A_PERSON = (
    f"UPDATE integrations_apikey k SET issued_by_id = t.user_id FROM ({ISSUED}) t"
    " WHERE k.issued_by_id IS NULL AND t.tenant_id = k.tenant_id AND t.noun_id = k.id::text"
    " AND EXISTS (SELECT FROM accounts_user u WHERE u.id = t.user_id)"
)
BY_THE_PLATFORM = (
    f"UPDATE integrations_apikey k SET is_platforms = true FROM ({ISSUED}) t"
    " WHERE k.issued_by_id IS NULL AND t.tenant_id = k.tenant_id AND t.noun_id = k.id::text"
    " AND t.user_id IS NULL AND t.party_id IS NULL"
)
BY_NOBODY_KNOWN = (
    "UPDATE integrations_apikey SET is_active = false, ended_why = 'issuer_unknown'"
    " WHERE issued_by_id IS NULL AND NOT is_platforms AND is_active"
)


def find_their_issuers(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for sql in (BY_A_PERSON, BY_THE_PLATFORM, BY_NOBODY_KNOWN):
            cursor.execute(sql)
        # Constraints waiting for the end of the transaction would hold up the ALTER that follows.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0004_search_tokens"),
        ("audit", "0001_initial"),
        ("accounts", "0002_messages_and_the_door"),
    ]

    operations = [
        migrations.AddField(
            "apikey",
            "is_platforms",
            models.BooleanField(default=False, editable=False, verbose_name="the platform's own"),
        ),
        migrations.AddField(
            "apikey",
            "ended_why",
            models.CharField(
                blank=True,
                choices=[
                    ("revoked", "revoked"),
                    ("issuer_left", "its issuer left"),
                    ("issuer_unknown", "nobody knows who issued it"),
                ],
                editable=False,
                max_length=20,
                verbose_name="ended because",
            ),
        ),
        RunUnforced(
            find_their_issuers,
            ["integrations_apikey", "audit_trace"],
            reverse_code=migrations.RunPython.noop,
        ),
        migrations.AddConstraint(
            "apikey",
            models.CheckConstraint(
                condition=models.Q(is_active=False)
                | models.Q(issued_by__isnull=False)
                | models.Q(is_platforms=True),
                name="api_key_answers_to_somebody",
            ),
        ),
    ]
