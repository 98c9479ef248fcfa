import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


def tenant():
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        default=tenancy.context.active_tenant_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.tenant",
    )


def key():
    return models.UUIDField(
        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
    )


def foreign(to, name, on_delete=django.db.models.deletion.PROTECT, **values):
    return tenancy.models.base.TenantForeignKey(
        db_constraint=False, db_index=False, on_delete=on_delete, to=to, verbose_name=name, **values
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_life_cycle"),
        ("dealers", "0003_english_names"),
        ("pricing", "0003_price_list_editing"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DryRun",
            fields=[
                ("id", key()),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("on", models.DateField(verbose_name="day of the prices")),
                ("job_id", models.UUIDField(null=True, verbose_name="job")),
                (
                    "requested_by",
                    models.CharField(blank=True, max_length=200, verbose_name="requested by"),
                ),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                ("breaking", models.PositiveIntegerField(default=0, verbose_name="breaking findings")),
                (
                    "owed",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="owed each month"
                    ),
                ),
                ("figures", models.JSONField(default=dict, verbose_name="figures")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "published_by",
                    models.CharField(blank=True, max_length=200, verbose_name="published by"),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                (
                    "price_list",
                    foreign(
                        "pricing.pricelist",
                        "price list",
                        django.db.models.deletion.CASCADE,
                        related_name="dry_runs",
                    ),
                ),
                ("tenant", tenant()),
            ],
            options={
                "verbose_name": "dry run",
                "verbose_name_plural": "dry runs",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "price_list", "-id"], name="dry_run_of_list")],
            },
        ),
        migrations.CreateModel(
            name="DryRunFinding",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("is_breaking", models.BooleanField(default=False, verbose_name="breaking")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=16, null=True, verbose_name="amount"
                    ),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "dry_run",
                    foreign(
                        "pricing.dryrun",
                        "dry run",
                        django.db.models.deletion.CASCADE,
                        related_name="findings",
                    ),
                ),
                ("party", foreign("dealers.party", "party", null=True, related_name="+")),
                ("product", foreign("catalogue.product", "product", null=True, related_name="+")),
                ("tenant", tenant()),
            ],
            options={
                "verbose_name": "finding of a dry run",
                "verbose_name_plural": "findings of dry runs",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["tenant", "dry_run", "kind", "position"], name="dry_run_finding"
                    )
                ],
            },
        ),
        TenantTable("DryRun"),
        TenantTable("DryRunFinding"),
    ]
