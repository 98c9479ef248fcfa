import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# The reads of a quote. PostgreSQL stores the plan of a function's statement for the session, so that the
# statement is neither parsed nor planned again in each request, which takes longer than its execution.
#
# `p_kinds` and `p_values` are the audiences that include the buyer.
SCHEMES_IN_FORCE = """
CREATE FUNCTION schemes_in_force(
  p_tenant uuid, p_seller uuid, p_kinds text[], p_values text[], p_on date
)
RETURNS TABLE (
  code varchar, kind varchar, terms text, audience_kind varchar, audience_value varchar,
  priority integer, exclusive_group varchar, starts_on date, until date
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 10 AS $$
BEGIN
  RETURN QUERY
  SELECT s.code, s.kind, s.terms::text, s.audience_kind, s.audience_value, s.priority,
    s.exclusive_group, s.starts_on, s.until
  FROM pricing_scheme s
  WHERE s.tenant_id = p_tenant AND s.seller_id = p_seller AND s.state = 'published'
    AND (s.audience_kind, s.audience_value) IN (SELECT * FROM unnest(p_kinds, p_values))
    AND (s.starts_on IS NULL OR s.starts_on <= p_on) AND (s.until IS NULL OR s.until > p_on);
END
$$
"""

# `row_version` tells one publication of a list from another that was rolled back.
PRICE_LISTS_IN_FORCE = """
CREATE FUNCTION price_lists_in_force(
  p_tenant uuid, p_seller uuid, p_kinds text[], p_values text[], p_on date
)
RETURNS TABLE (
  id text, row_version text, code varchar, audience_kind varchar, audience_value varchar,
  priority integer, starts_on date, until date
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 20 AS $$
BEGIN
  RETURN QUERY
  SELECT l.id::text, l.xmin::text, l.code, l.audience_kind, l.audience_value, l.priority, l.starts_on,
    l.until
  FROM pricing_pricelist l
  WHERE l.tenant_id = p_tenant AND l.seller_id = p_seller AND l.state = 'published'
    AND (l.audience_kind, l.audience_value) IN (SELECT * FROM unnest(p_kinds, p_values))
    AND (l.starts_on IS NULL OR l.starts_on <= p_on) AND (l.until IS NULL OR l.until > p_on);
END
$$
"""

# One row for each list: its entries are arrays, which makes thousands of them cheap to read.
PRICE_ENTRIES = """
CREATE FUNCTION price_entries(p_tenant uuid, p_lists uuid[], p_products uuid[])
RETURNS TABLE (
  price_list text, products text[], prices numeric[], pers integer[], quantities integer[]
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 20 AS $$
BEGIN
  RETURN QUERY
  SELECT l.id::text, e.products, e.prices, e.pers, e.quantities
  FROM unnest(p_lists) AS l (id) CROSS JOIN LATERAL (
    SELECT array_agg(e.product_id::text) AS products, array_agg(trim_scale(e.price)) AS prices,
      array_agg(e.per) AS pers, array_agg(e.min_qty) AS quantities
    FROM pricing_priceentry e
    WHERE e.tenant_id = p_tenant AND e.price_list_id = l.id AND e.product_id = ANY (p_products)) e
  WHERE e.products IS NOT NULL;
END
$$
"""

PRODUCTS_AND_LIMITS = """
CREATE FUNCTION products_and_limits(
  p_tenant uuid, p_skus text[], p_seller uuid, p_contract_code text, p_on date
)
RETURNS TABLE (
  id uuid, sku varchar, name varchar, tax_rate numeric, action varchar, clause varchar,
  floor numeric, ceiling numeric
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 25 AS $$
BEGIN
  RETURN QUERY
  SELECT p.id, p.sku, p.name, p.tax_rate, l.action, l.clause, l.floor, l.ceiling
  FROM catalogue_product p LEFT JOIN LATERAL (
    SELECT l.action, l.clause, l.floor, l.ceiling FROM pricing_limit l
    WHERE l.tenant_id = p_tenant AND l.seller_id = p_seller AND l.product_id = p.id
      AND l.contract_code IN ('', p_contract_code)
      AND (l.starts_on IS NULL OR l.starts_on <= p_on) AND (l.until IS NULL OR l.until > p_on)
    OFFSET 0) l ON true  -- OFFSET 0: look up each product's limits, whatever the statistics say
  WHERE p.tenant_id = p_tenant AND p.sku = ANY (p_skus)
  ORDER BY l.clause;
END
$$
"""

# Both parties, and with the buyer its contract with the seller.
TRADE_PARTIES = """
CREATE FUNCTION trade_parties(
  p_tenant uuid, p_seller uuid, p_buyer uuid, p_on date, p_contract uuid
)
RETURNS TABLE (
  id uuid, code varchar, kind varchar, name varchar, region varchar, parent_id uuid,
  tracks_stock boolean, confirms_itself boolean, is_active boolean, tier varchar, channel varchar,
  tags varchar[], contract_id uuid, contract_code varchar, starts_on date, until date,
  delivery_hours integer, late_fee numeric
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 2 AS $$
BEGIN
  RETURN QUERY
  SELECT p.id, p.code, p.kind, p.name, p.region_id, p.parent_id, p.tracks_stock, p.confirms_itself,
    p.is_active, tier.code, channel.code, ARRAY(
      SELECT tag.code FROM dealers_partytag has
      JOIN dealers_tag tag ON tag.tenant_id = p_tenant AND tag.id = has.tag_id
      WHERE has.tenant_id = p_tenant AND has.party_id = p.id),
    c.*
  FROM dealers_party p
  LEFT JOIN dealers_tier tier ON tier.tenant_id = p_tenant AND tier.id = p.tier_id
  LEFT JOIN dealers_channel channel ON channel.tenant_id = p_tenant AND channel.id = p.channel_id
  LEFT JOIN contract_in_force(p_tenant, p_seller, p_buyer, p_on, p_contract) c
    ON p.id = p_buyer AND (p.kind = 'member' OR p_contract IS NOT NULL)
  WHERE p.tenant_id = p_tenant AND p.id IN (p_seller, p_buyer);
END
$$
"""

PUBLISHED_IS_FIXED = """
CREATE FUNCTION refuse_published_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM pricing_pricelist l WHERE l.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id)
             AND l.id IN (OLD.price_list_id, NEW.price_list_id) AND l.state <> 'draft'
             FOR SHARE) THEN
    RAISE EXCEPTION 'the entries of a published price list are never changed: publish a new version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER entries_stay BEFORE INSERT OR UPDATE OR DELETE ON pricing_priceentry
  FOR EACH ROW EXECUTE FUNCTION refuse_published_entry();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alliance", "0001_initial"),
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
                ("until", models.DateField(blank=True, null=True, verbose_name="valid through")),
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
                ("until", models.DateField(blank=True, null=True, verbose_name="valid through")),
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
                        choices=[("advise", "warn only"), ("review", "needs approval"), ("block", "block")],
                        max_length=6,
                        verbose_name="action",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="valid through")),
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
        migrations.RunSQL(SCHEMES_IN_FORCE, migrations.RunSQL.noop),
        migrations.RunSQL(PRICE_LISTS_IN_FORCE, migrations.RunSQL.noop),
        migrations.RunSQL(PRICE_ENTRIES, migrations.RunSQL.noop),
        migrations.RunSQL(PRODUCTS_AND_LIMITS, migrations.RunSQL.noop),
        migrations.RunSQL(TRADE_PARTIES, migrations.RunSQL.noop),
    ]
