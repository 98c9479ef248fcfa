"""Bundles, versions, budgets of schemes, and what orders use of them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# One function of migration 0001 with the buyer and the ordered SKUs: it returns the ordered SKUs that the
# scheme's categories cover, and what is left of the budget and of the buyer's limit.
SCHEMES_IN_FORCE = """
DROP FUNCTION schemes_in_force(uuid, uuid, text[], text[], date);
CREATE FUNCTION schemes_in_force(
  p_tenant uuid, p_seller uuid, p_buyer uuid, p_kinds text[], p_values text[], p_skus text[], p_on date
)
RETURNS TABLE (
  code varchar, kind varchar, terms text, audience_kind varchar, audience_value varchar,
  priority integer, exclusive_group varchar, starts_on date, until date,
  id uuid, version integer, covered varchar[], money_left numeric, units_left bigint,
  buyer_money_left numeric, buyer_units_left bigint
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 10 AS $$
BEGIN
  RETURN QUERY
  SELECT s.code, s.kind, s.terms::text, s.audience_kind, s.audience_value, s.priority,
    s.exclusive_group, s.starts_on, s.until, s.id, s.version,
    CASE WHEN s.terms ? 'categories' THEN ARRAY(
      SELECT p.sku FROM catalogue_product p
      JOIN catalogue_category c ON c.tenant_id = p_tenant AND c.id = p.category_id
      WHERE p.tenant_id = p_tenant AND p.sku = ANY (p_skus)
        AND c.code IN (SELECT jsonb_array_elements_text(s.terms -> 'categories'))) END,
    s.budget_money - b.used_money, s.budget_units - b.used_units,
    s.buyer_money - u.money, s.buyer_units - u.units
  FROM pricing_scheme s
  LEFT JOIN pricing_schemebudget b ON b.tenant_id = p_tenant AND b.scheme_id = s.id
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(u.money), 0) AS money, coalesce(sum(u.units), 0) AS units
    FROM pricing_schemeuse u
    WHERE u.tenant_id = p_tenant AND u.scheme_id = s.id AND u.buyer_id = p_buyer
      AND (s.buyer_money IS NOT NULL OR s.buyer_units IS NOT NULL)) u ON true
  WHERE s.tenant_id = p_tenant AND s.seller_id = p_seller AND s.state = 'published'
    AND (s.audience_kind, s.audience_value) IN (SELECT * FROM unnest(p_kinds, p_values))
    AND (s.starts_on IS NULL OR s.starts_on <= p_on) AND (s.until IS NULL OR s.until > p_on);
END
$$;
"""

# Takes what an order uses of its schemes and returns the schemes whose budget or limit does not suffice; then
# the caller rolls back. Budgets are locked in the order of the schemes' ids. A buyer's limit needs no row of
# its own: the orders of one buyer from one seller follow each other under the lock of their book.
USE_SCHEMES = """
CREATE FUNCTION use_schemes(
  p_tenant uuid, p_order uuid, p_number text, p_buyer uuid, p_at timestamptz,
  p_ids uuid[], p_schemes uuid[], p_moneys numeric[], p_units integer[], p_limited boolean[], p_parts jsonb
)
RETURNS uuid[] LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
DECLARE
  one record;
  exceeded uuid[] := '{}';
BEGIN
  FOR one IN
    SELECT u.scheme, u.money, u.units, s.budget_money, s.budget_units, s.buyer_money, s.buyer_units
    FROM unnest(p_schemes, p_moneys, p_units, p_limited) AS u (scheme, money, units, limited)
    JOIN pricing_scheme s ON s.tenant_id = p_tenant AND s.id = u.scheme
    WHERE u.limited ORDER BY u.scheme
  LOOP
    IF one.budget_money IS NOT NULL OR one.budget_units IS NOT NULL THEN
      UPDATE pricing_schemebudget b
      SET used_money = b.used_money + one.money, used_units = b.used_units + one.units
      WHERE b.tenant_id = p_tenant AND b.scheme_id = one.scheme
        AND (one.budget_money IS NULL OR b.used_money + one.money <= one.budget_money)
        AND (one.budget_units IS NULL OR b.used_units + one.units <= one.budget_units);
      IF NOT FOUND THEN
        exceeded := exceeded || one.scheme;
      END IF;
    END IF;
    IF one.buyer_money IS NOT NULL OR one.buyer_units IS NOT NULL THEN
      IF (SELECT coalesce(sum(u.money), 0) + one.money > one.buyer_money
            OR coalesce(sum(u.units), 0) + one.units > one.buyer_units
          FROM pricing_schemeuse u
          WHERE u.tenant_id = p_tenant AND u.scheme_id = one.scheme AND u.buyer_id = p_buyer) THEN
        exceeded := exceeded || one.scheme;
      END IF;
    END IF;
  END LOOP;
  IF exceeded = '{}' THEN
    INSERT INTO pricing_schemeuse (id, tenant_id, scheme_id, buyer_id, order_id, order_number, at,
      first_units, first_money, units, money, parts)
    SELECT u.id, p_tenant, u.scheme, p_buyer, p_order, p_number, p_at, u.units, u.money, u.units, u.money,
      u.parts
    FROM ROWS FROM (unnest(p_ids, p_schemes, p_units, p_moneys), jsonb_array_elements(p_parts))
      AS u (id, scheme, units, money, parts);
  END IF;
  RETURN exceeded;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dealers", "0003_english_names"),
        ("pricing", "0004_dry_run"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SchemeBudget",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "used_money",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="used money"
                    ),
                ),
                ("used_units", models.PositiveBigIntegerField(default=0, verbose_name="used units")),
                (
                    "scheme",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budgets",
                        to="pricing.scheme",
                        verbose_name="scheme",
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
                "verbose_name": "used budget",
                "verbose_name_plural": "used budgets",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SchemeUse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order_id", models.UUIDField(editable=False, verbose_name="order")),
                ("order_number", models.CharField(max_length=120, verbose_name="order number")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("first_units", models.PositiveIntegerField(verbose_name="units at first")),
                (
                    "first_money",
                    models.DecimalField(decimal_places=2, max_digits=16, verbose_name="money at first"),
                ),
                ("units", models.PositiveIntegerField(verbose_name="units")),
                ("money", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="money")),
                ("parts", models.JSONField(default=list, verbose_name="parts")),
                (
                    "buyer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.party",
                        verbose_name="buyer",
                    ),
                ),
                (
                    "scheme",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="pricing.scheme",
                        verbose_name="scheme",
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
                "verbose_name": "use of a scheme",
                "verbose_name_plural": "uses of schemes",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.RemoveConstraint(
            model_name="scheme",
            name="scheme_code",
        ),
        migrations.AddField(
            model_name="scheme",
            name="budget_money",
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="budget in money"
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="budget_units",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="budget in units",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="buyer_money",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=16,
                null=True,
                verbose_name="limit of a buyer in money",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="buyer_units",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="limit of a buyer in units",
            ),
        ),
        migrations.AddField(
            model_name="scheme",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
        ),
        migrations.AlterField(
            model_name="scheme",
            name="kind",
            field=models.CharField(
                choices=[
                    ("special_price", "special price"),
                    ("bundle", "bundle"),
                    ("step", "step tiers"),
                    ("order_amount", "reduction on the order"),
                    ("free_goods", "free goods"),
                ],
                max_length=14,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.UniqueConstraint(
                fields=("tenant", "seller", "code", "version"), name="scheme_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
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
                name="scheme_one_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__isnull", True),
                    ("until__isnull", True),
                    ("until__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="scheme_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("budget_money__isnull", True), ("budget_money__gt", 0), _connector="OR"),
                    models.Q(("budget_units__isnull", True), ("budget_units__gt", 0), _connector="OR"),
                    models.Q(("buyer_money__isnull", True), ("buyer_money__gt", 0), _connector="OR"),
                    models.Q(("buyer_units__isnull", True), ("buyer_units__gt", 0), _connector="OR"),
                ),
                name="scheme_budgets",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemebudget",
            constraint=models.UniqueConstraint(fields=("tenant", "scheme"), name="scheme_budget_once"),
        ),
        migrations.AddConstraint(
            model_name="schemebudget",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_money__gte", 0)), name="scheme_budget_used"
            ),
        ),
        migrations.AddIndex(
            model_name="schemeuse",
            index=models.Index(
                fields=["tenant", "scheme", "buyer"], include=("units", "money"), name="scheme_use_by_buyer"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeuse",
            constraint=models.UniqueConstraint(
                fields=("tenant", "order_id", "scheme"), name="scheme_use_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeuse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("money__gte", 0),
                    ("money__lte", models.F("first_money")),
                    ("units__lte", models.F("first_units")),
                ),
                name="scheme_use_within",
            ),
        ),
        migrations.RunSQL(SCHEMES_IN_FORCE, migrations.RunSQL.noop),
        migrations.RunSQL(USE_SCHEMES, migrations.RunSQL.noop),
        TenantTable("SchemeBudget"),
        TenantTable("SchemeUse"),
    ]
