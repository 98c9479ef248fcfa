import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("dealers", "0001_initial"),
        ("jobs", "0001_initial"),
        ("ledger", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "method",
                    models.CharField(
                        choices=[("retroactive", "retroactive"), ("incremental", "incremental")],
                        max_length=12,
                        verbose_name="method",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[("amount", "amount"), ("quantity", "quantity")],
                        max_length=8,
                        verbose_name="measure",
                    ),
                ),
                ("tiers", models.JSONField(verbose_name="rebate tiers")),
                (
                    "cap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="cap"
                    ),
                ),
                (
                    "audience_kind",
                    models.CharField(
                        choices=[
                            ("contract", "contract"),
                            ("party", "party"),
                            ("tag", "tag"),
                            ("channel", "channel"),
                            ("tier", "tier"),
                            ("region", "region"),
                            ("level", "level"),
                            ("everyone", "everyone"),
                        ],
                        default="everyone",
                        max_length=10,
                        verbose_name="audience",
                    ),
                ),
                (
                    "audience_value",
                    models.CharField(blank=True, max_length=60, verbose_name="audience's code"),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="valid through")),
                (
                    "settled_every",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "month"), (3, "quarter"), (12, "year")],
                        default=3,
                        verbose_name="settled every (months)",
                    ),
                ),
                (
                    "starts_anew",
                    models.BooleanField(
                        default=False,
                        help_text="Off: interim settlements over one cumulative base, trued up. On: each for itself.",
                        verbose_name="each settlement starts anew",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("active", "active"), ("ended", "ended")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programs",
                        to="dealers.party",
                        verbose_name="seller",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "seller", "code"), name="program_code"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("starts_on"))), name="program_term"
                    ),
                ],
                "verbose_name": "rebate program",
                "verbose_name_plural": "rebate programs",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ProgramProduct",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "program",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="products",
                        to="rebates.program",
                        verbose_name="program",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "program", "product"), name="program_product_once"
                    )
                ],
                "verbose_name": "product of a program",
                "verbose_name_plural": "products of programs",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="valid through")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                ("parties", models.PositiveIntegerField(default=0, verbose_name="parties")),
                ("due", models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="due")),
                ("terms", models.JSONField(default=dict, verbose_name="terms")),
                (
                    "job",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="job",
                    ),
                ),
                (
                    "program",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="rebates.program",
                        verbose_name="program",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "program", "starts_on"), name="settlement_once")
                ],
                "verbose_name": "settlement",
                "verbose_name_plural": "settlements",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "party_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="parties"
                    ),
                ),
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
                    "settlement",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="rebates.settlement",
                        verbose_name="settlement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "settlement"), name="audience_once")
                ],
                "verbose_name": "audience of a settlement",
                "verbose_name_plural": "audiences of settlements",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("base", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="base")),
                (
                    "cumulative",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="cumulative"),
                ),
                (
                    "earned",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="earned so far"),
                ),
                ("due", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="due")),
                ("why", models.JSONField(default=dict, verbose_name="reasons")),
                (
                    "journal",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journal",
                        verbose_name="posting",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "settlement",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="rebates.settlement",
                        verbose_name="settlement",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "settlement", "party"), name="statement_once")
                ],
                "indexes": [models.Index(fields=["tenant", "party"], name="statement_by_party")],
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Carried",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("base", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="base")),
                ("due", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="due")),
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
                    "settlement",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rebates.settlement",
                        verbose_name="of the settlement",
                    ),
                ),
                (
                    "statement",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried",
                        to="rebates.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "statement", "settlement"), name="carried_once")
                ],
                "indexes": [models.Index(fields=["tenant", "settlement"], name="carried_of_settlement")],
                "verbose_name": "carried line",
                "verbose_name_plural": "carried lines",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("party_id", models.UUIDField(verbose_name="party")),
                (
                    "bases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=18, null=True),
                        size=None,
                        verbose_name="bases",
                    ),
                ),
                (
                    "job",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="job",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "job", "party_id"), name="tally_once")
                ],
                "verbose_name": "tally",
                "verbose_name_plural": "tallies",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("Program"),
        TenantTable("ProgramProduct"),
        TenantTable("Settlement"),
        TenantTable("Statement", append_only=True),
        TenantTable("Tally"),
        TenantTable("Audience"),
        TenantTable("Carried", append_only=True),
    ]
