import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import RunUnforced, TenantTable

# As in 0001, with the tax basis of each list.
PRICE_LISTS_IN_FORCE = """
DROP FUNCTION price_lists_in_force(uuid, uuid, text[], text[], date);
CREATE FUNCTION price_lists_in_force(
  p_tenant uuid, p_seller uuid, p_kinds text[], p_values text[], p_on date
)
RETURNS TABLE (
  id text, row_version text, code varchar, audience_kind varchar, audience_value varchar,
  priority integer, starts_on date, until date, tax_included boolean
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 20 AS $$
BEGIN
  RETURN QUERY
  SELECT l.id::text, l.xmin::text, l.code, l.audience_kind, l.audience_value, l.priority, l.starts_on,
    l.until, l.tax_included
  FROM pricing_pricelist l
  WHERE l.tenant_id = p_tenant AND l.seller_id = p_seller AND l.state = 'published'
    AND (l.audience_kind, l.audience_value) IN (SELECT * FROM unnest(p_kinds, p_values))
    AND (l.starts_on IS NULL OR l.starts_on <= p_on) AND (l.until IS NULL OR l.until > p_on);
END
$$
"""


def take_tax_basis_of_tenant(apps, schema_editor):
    """Give each list the basis that its tenant's prices had so far."""
    schema_editor.execute(
        "UPDATE pricing_pricelist l SET tax_included = false FROM tenancy_tenant t"
        " WHERE t.id = l.tenant_id AND NOT t.prices_include_tax"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0004_life_cycle"),
        ("pricing", "0002_priority"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductCost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("cost", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="cost")),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="costs",
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
            ],
            options={
                "verbose_name": "product cost",
                "verbose_name_plural": "product costs",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "product", "starts_on"), name="product_cost_day"
                    ),
                    models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="product_cost_sane"),
                ],
            },
        ),
        TenantTable("ProductCost"),
        migrations.AddField(
            model_name="priceentry",
            name="advised_resale",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="advised resale price"
            ),
        ),
        migrations.AddConstraint(
            model_name="priceentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("advised_resale__isnull", True), ("advised_resale__gte", 0), _connector="OR"
                ),
                name="price_entry_advised_resale",
            ),
        ),
        migrations.AddField(
            model_name="pricelist",
            name="tax_included",
            field=models.BooleanField(default=True, verbose_name="prices include tax"),
        ),
        RunUnforced(take_tax_basis_of_tenant, ("pricing_pricelist",)),
        migrations.RunSQL(PRICE_LISTS_IN_FORCE, migrations.RunSQL.noop),
    ]
