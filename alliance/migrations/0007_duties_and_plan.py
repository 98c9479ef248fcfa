import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

NOUNS = ("ChannelPlan", "PlanTarget", "PlanObjective", "PlanActual", "Duty", "KpiMonth")


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0006_life"),
        ("catalogue", "0002_portfolios"),
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("handed_down", "handed down"),
                            ("in_force", "in force"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("gap_reason", models.CharField(blank=True, max_length=300, verbose_name="why it has gaps")),
                ("measured_at", models.DateTimeField(editable=False, null=True, verbose_name="measured at")),
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
                "verbose_name": "channel plan",
                "verbose_name_plural": "channel plans",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "code"), name="channel_plan_code"),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2000), ("year__lte", 2100)), name="channel_plan_year"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "fulfilled_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="fulfilled at"),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "responsibility",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="alliance.responsibility",
                        verbose_name="responsibility",
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
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "contract", "due_on"], name="duty_of_contract"),
                    models.Index(
                        condition=models.Q(("fulfilled_at__isnull", True)),
                        fields=["tenant", "party", "due_on"],
                        name="duty_open_of_party",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "responsibility", "due_on"), name="duty_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("starts_on"))), name="duty_period"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyEvidence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "visit"),
                            ("audit", "display audit"),
                            ("request", "answered request"),
                            ("policy", "policy"),
                            ("order", "order"),
                            ("document", "document"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=120, verbose_name="reference")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("reported_by", models.CharField(blank=True, max_length=100, verbose_name="reported by")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                (
                    "duty",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="alliance.duty",
                        verbose_name="duty",
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
                    "user",
                    models.ForeignKey(
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
                "verbose_name": "evidence of a duty",
                "verbose_name_plural": "evidence of duties",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "duty", "source"), name="duty_evidence_source_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KpiMonth",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("target", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="target")),
                ("weight", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="weight")),
                (
                    "actual",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="result"
                    ),
                ),
                ("is_entered", models.BooleanField(default=False, verbose_name="entered by hand")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "kpi",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="alliance.kpi",
                        verbose_name="KPI",
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
                "verbose_name": "KPI of a month",
                "verbose_name_plural": "KPIs of months",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "month"], name="kpi_month_by_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "kpi", "month"), name="kpi_month_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanTarget",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("outlets", "active outlets"),
                            ("volume", "volume"),
                            ("portfolio", "products of the portfolio sold"),
                            ("expense", "expense"),
                        ],
                        max_length=10,
                        verbose_name="measured by",
                    ),
                ),
                (
                    "annual",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="target of the year"),
                ),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=2, max_digits=14),
                        size=12,
                        verbose_name="targets of the months",
                    ),
                ),
                (
                    "category",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "channel",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "plan",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="alliance.channelplan",
                        verbose_name="plan",
                    ),
                ),
                (
                    "portfolio",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.portfolio",
                        verbose_name="portfolio",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.region",
                        verbose_name="region",
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
                "verbose_name": "target of a plan",
                "verbose_name_plural": "targets of plans",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "plan", "region", "channel", "category", "portfolio", "metric"),
                        name="plan_target_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("annual__gt", 0)), name="plan_target_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanObjective",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="objective")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be answered"),
                            ("agreed", "agreed"),
                            ("countered", "asked to change"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "counter_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="asked for"
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                (
                    "answered_by",
                    models.CharField(blank=True, editable=False, max_length=100, verbose_name="answered by"),
                ),
                ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="answered at")),
                (
                    "parent",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="alliance.planobjective",
                        verbose_name="handed down from",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.party",
                        verbose_name="party",
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
                    "target",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objectives",
                        to="alliance.plantarget",
                        verbose_name="target",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective",
                "verbose_name_plural": "objectives",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["tenant", "party", "state"], name="plan_objective_of_party")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "target", "party"), name="plan_objective_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="plan_objective_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "countered"), _negated=True),
                            ("counter_amount__isnull", False),
                            _connector="OR",
                        ),
                        name="plan_objective_counter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanActual",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("actual", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="result")),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.party",
                        verbose_name="party",
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
                    "target",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actuals",
                        to="alliance.plantarget",
                        verbose_name="target",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a plan",
                "verbose_name_plural": "results of plans",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "target", "party", "month"),
                        name="plan_actual_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        *[TenantTable(name) for name in NOUNS],
        TenantTable("DutyEvidence", append_only=True),
    ]
