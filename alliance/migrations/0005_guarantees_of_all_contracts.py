"""What all contracts' guarantees of a month add up to, kept from now on and made of what there is."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import RunUnforced, TenantTable

TABLES = ["alliance_guaranteemonth", "alliance_guaranteetotal"]


def add_up(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(
        "INSERT INTO alliance_guaranteetotal (id, tenant_id, month, kind, measured, broken, owed)"
        " SELECT gen_random_uuid(), tenant_id, month, kind, sum(measured), sum(broken), sum(owed)"
        " FROM alliance_guaranteemonth GROUP BY tenant_id, month, kind"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0004_labels"),
        ("tenancy", "0005_forms_sent_once_and_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuaranteeTotal",
            fields=[
                ("id", models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ("month", models.DateField(verbose_name="month")),
                ("kind", models.CharField(choices=[("region", "region"), ("term", "term"), ("spread", "price spread"), ("service", "service")], max_length=10, verbose_name="guarantee")),
                ("measured", models.PositiveBigIntegerField(default=0, verbose_name="measured")),
                ("broken", models.PositiveBigIntegerField(default=0, verbose_name="broken")),
                ("owed", models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="owed")),
                ("tenant", models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.tenant")),
            ],
            options={
                "verbose_name": "guarantee of all contracts",
                "verbose_name_plural": "guarantees of all contracts",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "month", "kind"), name="guarantee_total_once")
                ],
            },
        ),
        TenantTable("GuaranteeTotal"),
        RunUnforced(add_up, tables=TABLES, reverse_code=migrations.RunPython.noop),
    ]
