import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# For an operation that writes everything in one statement (placing an order).
WRITE_AUDIT_ENTRY = """
CREATE FUNCTION write_audit_entry(
  p_id uuid, p_tenant uuid, p_at timestamptz, p_user uuid, p_party uuid, p_actor text, p_action text,
  p_target text, p_target_id text, p_facts jsonb
)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
BEGIN
  INSERT INTO audit_auditentry
    (id, tenant_id, at, user_id, party_id, actor, action, target, target_id, facts)
  VALUES (p_id, p_tenant, p_at, p_user, p_party, p_actor, p_action, p_target, p_target_id, p_facts);
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("user_id", models.UUIDField(null=True, verbose_name="person")),
                ("party_id", models.UUIDField(null=True, verbose_name="acted for")),
                ("actor", models.CharField(blank=True, max_length=200, verbose_name="actor")),
                ("action", models.CharField(max_length=60, verbose_name="action")),
                ("target", models.CharField(max_length=60, verbose_name="target")),
                ("target_id", models.CharField(max_length=60, verbose_name="target's id")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit trail",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "target", "target_id", "at"], name="audit_entry_of_target")
                ],
            },
        ),
        TenantTable("AuditEntry", partition_by="at", append_only=True),
        migrations.RunSQL(WRITE_AUDIT_ENTRY, migrations.RunSQL.noop),
    ]
