"""Schemes of a category cover the categories below it, as limits do."""

from django.db import migrations

SCHEMES_IN_FORCE = """
CREATE OR REPLACE FUNCTION schemes_in_force(
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
      WITH RECURSIVE inside AS (
        SELECT c.id FROM catalogue_category c
        WHERE c.tenant_id = p_tenant
          AND c.code IN (SELECT jsonb_array_elements_text(s.terms -> 'categories'))
        UNION
        SELECT c.id FROM inside i
        JOIN catalogue_category c ON c.tenant_id = p_tenant AND c.parent_id = i.id)
      SELECT p.sku FROM catalogue_product p
      WHERE p.tenant_id = p_tenant AND p.sku = ANY (p_skus)
        AND p.category_id IN (SELECT i.id FROM inside i)) END,
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


class Migration(migrations.Migration):
    dependencies = [("pricing", "0007_ended_terms"), ("catalogue", "0005_category_parent")]

    operations = [migrations.RunSQL(SCHEMES_IN_FORCE, migrations.RunSQL.noop)]
