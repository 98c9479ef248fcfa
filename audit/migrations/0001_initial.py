import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


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
    ]
