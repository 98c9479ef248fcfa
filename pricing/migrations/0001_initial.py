import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

PUBLISHED_IS_FIXED = """
CREATE FUNCTION refuse_published_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pricing_pricelist l WHERE l.tenant_id = OLD.tenant_id
             AND l.id = OLD.price_list_id AND l.state <> 'draft') THEN
    RAISE EXCEPTION 'an entry of a published price list is never edited: publish a new version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON pricing_priceentry
  FOR EACH ROW EXECUTE FUNCTION refuse_published_entry();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PriceList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
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
                        max_length=10,
                        verbose_name="audience",
                    ),
                ),
                (
                    "audience_value",
                    models.CharField(blank=True, max_length=60, verbose_name="audience's code"),
                ),
                ("priority", models.IntegerField(default=0, verbose_name="priority")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until (exclusive)")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="price_lists",
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
                    models.UniqueConstraint(
                        fields=("tenant", "seller", "code", "version"), name="price_list_code"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("until__isnull", True),
                            ("until__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="price_list_period",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "published")),
                        expressions=[
                            ("tenant", "="),
                            ("seller", "="),
                            ("code", "="),
                            (
                                models.Func(
                                    "starts_on",
                                    "until",
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="price_list_one_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience_kind", "everyone"), ("audience_value", "")),
                            models.Q(
                                models.Q(("audience_kind", "everyone"), _negated=True),
                                models.Q(("audience_value", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="price_list_audience",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["tenant", "seller", "audience_kind", "audience_value"],
                        name="price_list_audience_ix",
                    )
                ],
                "verbose_name": "price list",
                "verbose_name_plural": "price lists",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PriceEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("price", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="price")),
                ("per", models.PositiveIntegerField(default=1, verbose_name="per base units")),
                ("min_qty", models.PositiveIntegerField(default=0, verbose_name="from quantity")),
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
                    "price_list",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="pricing.pricelist",
                        verbose_name="price list",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "price_list", "product", "min_qty"), name="price_entry_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("per__gte", 1), ("price__gte", 0)), name="price_entry_sane"
                    ),
                ],
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("special_price", "special price"),
                            ("step", "step tiers"),
                            ("order_amount", "reduction on the order"),
                            ("free_goods", "free goods"),
                        ],
                        max_length=14,
                        verbose_name="kind",
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
                ("priority", models.IntegerField(default=0, verbose_name="priority")),
                (
                    "exclusive_group",
                    models.CharField(blank=True, max_length=40, verbose_name="exclusive group"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until (exclusive)")),
                ("terms", models.JSONField(default=dict, verbose_name="terms")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("withdrawn", "withdrawn")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schemes",
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
                    models.UniqueConstraint(fields=("tenant", "seller", "code"), name="scheme_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience_kind", "everyone"), ("audience_value", "")),
                            models.Q(
                                models.Q(("audience_kind", "everyone"), _negated=True),
                                models.Q(("audience_value", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="scheme_audience",
                    ),
                ],
                "verbose_name": "scheme",
                "verbose_name_plural": "schemes",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "contract_code",
                    models.CharField(blank=True, max_length=40, verbose_name="only for contract"),
                ),
                ("clause", models.CharField(max_length=60, verbose_name="clause")),
                (
                    "floor",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="floor"
                    ),
                ),
                (
                    "ceiling",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="ceiling"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("advise", "advise"), ("review", "review"), ("block", "block")],
                        max_length=6,
                        verbose_name="action",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until (exclusive)")),
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
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="limits",
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
                "verbose_name": "price limit",
                "verbose_name_plural": "price limits",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "seller", "product", "clause"), name="limit_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("floor__isnull", False), ("ceiling__isnull", False), _connector="OR"
                        ),
                        name="limit_says_something",
                    ),
                ],
            },
        ),
        TenantTable("Limit"),
        TenantTable("PriceList"),
        TenantTable("PriceEntry"),
        TenantTable("Scheme"),
        migrations.RunSQL(PUBLISHED_IS_FIXED, migrations.RunSQL.noop),
    ]
