import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0007_duties_and_plan"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegionOutline",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("approval_number", models.CharField(max_length=40, verbose_name="map approval number")),
                ("geojson", models.JSONField(editable=False, verbose_name="outlines")),
                ("regions", models.PositiveIntegerField(editable=False, verbose_name="regions")),
                ("size", models.PositiveIntegerField(editable=False, verbose_name="bytes")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="hash of the file")),
                ("uploaded_at", models.DateTimeField(editable=False, verbose_name="uploaded at")),
                ("uploaded_by", models.CharField(editable=False, max_length=150, verbose_name="uploaded by")),
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
                "verbose_name": "outlines of regions",
                "verbose_name_plural": "outlines of regions",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="region_outline_once")],
            },
        ),
        migrations.AddIndex(
            model_name="contractarea",
            index=django.contrib.postgres.indexes.GistIndex(
                fields=["tenant", "category", "area"], name="contract_area_place"
            ),
        ),
        TenantTable("RegionOutline"),
    ]
