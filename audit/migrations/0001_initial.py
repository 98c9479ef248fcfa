import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("party_id", models.UUIDField(null=True, verbose_name="acted for")),
                ("actor", models.CharField(blank=True, max_length=200, verbose_name="actor")),
                ("deed", models.CharField(max_length=60, verbose_name="deed")),
                ("noun", models.CharField(max_length=60, verbose_name="noun")),
                ("noun_id", models.CharField(max_length=60, verbose_name="its id")),
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
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "trace",
                "verbose_name_plural": "audit trail",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "noun", "noun_id", "at"], name="trace_of_noun")],
            },
        ),
        TenantTable("Trace", partition_by="at", append_only=True),
    ]
