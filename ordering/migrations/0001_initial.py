import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# The terms of a trade, which placing reads first; see the reads of a quote in pricing. The day is that of
# the moment `p_at` in the tenant's time zone, unless `p_day` is given.
TRADE_TERMS = """
CREATE FUNCTION trade_terms(
  p_tenant uuid, p_seller uuid, p_buyer uuid, p_source text, p_at timestamptz, p_day date
)
RETURNS TABLE (
  timezone varchar, prices_include_tax boolean, currency varchar, day date, parents_parent_id uuid,
  book_id uuid, order_id uuid
)
LANGUAGE plpgsql STABLE SECURITY INVOKER ROWS 1 AS $$
BEGIN
  RETURN QUERY
  SELECT t.timezone, t.prices_include_tax, t.currency,
    coalesce(p_day, (p_at AT TIME ZONE t.timezone)::date),
    (SELECT s.parent_id FROM dealers_party b
     JOIN dealers_party s ON s.tenant_id = p_tenant AND s.id = b.parent_id
     WHERE b.tenant_id = p_tenant AND b.id = p_buyer),
    (SELECT k.id FROM ledger_book k
     WHERE k.tenant_id = p_tenant AND k.seller_id = p_seller AND k.buyer_id = p_buyer),
    (SELECT o.id FROM ordering_order o
     WHERE o.tenant_id = p_tenant AND o.source = p_source AND o.source <> '' AND o.buyer_id = p_buyer)
  FROM tenancy_tenant t WHERE t.id = p_tenant;
END
$$
"""

# Reserve stock, locked in the order of its ids and only where it suffices; the products are returned.
RESERVE_STOCK = """
CREATE FUNCTION reserve_stock(p_tenant uuid, p_party uuid, p_products uuid[], p_units bigint[])
RETURNS uuid[] LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
DECLARE products uuid[];
BEGIN
  WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(p_products, p_units) AS w(product_id, units)
  ), locked AS MATERIALIZED (
    SELECT s.id, s.product_id FROM ordering_stock s
    WHERE s.tenant_id = p_tenant AND s.party_id = p_party AND s.product_id = ANY (p_products)
    ORDER BY s.id FOR NO KEY UPDATE
  ), taken AS (
    UPDATE ordering_stock s SET soft = s.soft + w.units
    FROM locked l JOIN wanted w ON w.product_id = l.product_id
    WHERE s.tenant_id = p_tenant AND s.id = l.id
      AND s.on_hand - s.safety - s.quarantine - s.hard - s.soft >= w.units
    RETURNING s.product_id
  )
  SELECT array_agg(product_id) INTO products FROM taken;
  RETURN coalesce(products, '{}');
END
$$
"""

ADD_TRADE_FACTS = """
CREATE FUNCTION add_trade_facts(
  p_tenant uuid, p_days date[], p_sellers uuid[], p_buyers uuid[], p_products uuid[],
  p_ordered_qty bigint[], p_ordered_net numeric[], p_delivered_qty bigint[],
  p_delivered_free bigint[], p_delivered_net numeric[], p_returned_qty bigint[],
  p_returned_net numeric[]
)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
BEGIN
  INSERT INTO ordering_tradefact AS t (id, tenant_id, day, seller_id, buyer_id, product_id, ordered_qty,
    ordered_net, delivered_qty, delivered_free, delivered_net, returned_qty, returned_net)
  SELECT gen_random_uuid(), p_tenant, f.* FROM unnest(p_days, p_sellers, p_buyers, p_products,
    p_ordered_qty, p_ordered_net, p_delivered_qty, p_delivered_free, p_delivered_net, p_returned_qty,
    p_returned_net) f
  ON CONFLICT (tenant_id, day, seller_id, buyer_id, product_id) DO UPDATE SET
    ordered_qty = t.ordered_qty + excluded.ordered_qty,
    ordered_net = t.ordered_net + excluded.ordered_net,
    delivered_qty = t.delivered_qty + excluded.delivered_qty,
    delivered_free = t.delivered_free + excluded.delivered_free,
    delivered_net = t.delivered_net + excluded.delivered_net,
    returned_qty = t.returned_qty + excluded.returned_qty,
    returned_net = t.returned_net + excluded.returned_net;
END
$$
"""

# An order and its lines: see ordering.operations.order_writer.
WRITE_ORDER = """
CREATE FUNCTION write_order(
  p_tenant uuid, p_order uuid, p_number text, p_kind text, p_state text, p_seller uuid, p_buyer
  uuid, p_contract uuid, p_at timestamptz, p_on date, p_user uuid, p_window_from timestamptz,
  p_window_until timestamptz, p_currency text, p_subtotal numeric, p_discount numeric, p_total
  numeric, p_tax numeric, p_open_amount numeric, p_due_on date, p_verdict text, p_source text,
  p_reference text, p_note text, p_facts jsonb, p_reserved boolean, p_line_ids uuid[], p_positions
  int[], p_line_products uuid[], p_skus text[], p_qtys int[], p_free_qtys int[], p_pers int[],
  p_base_prices numeric[], p_unit_prices numeric[], p_net_unit_prices numeric[], p_discounts
  numeric[], p_line_amounts numeric[], p_tax_rates numeric[], p_nets numeric[], p_taxes numeric[],
  p_price_lists text[], p_whys jsonb
)
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
BEGIN
  INSERT INTO ordering_order (id, tenant_id, number, kind, state, seller_id, buyer_id, contract_id,
    placed_at, placed_on, placed_by_id, window_from, window_until, currency, subtotal, discount,
    total, tax, open_amount, due_on, verdict, source, reference, note, facts)
  VALUES (p_order, p_tenant, p_number, p_kind, p_state, p_seller, p_buyer, p_contract, p_at, p_on,
    p_user, p_window_from, p_window_until, p_currency, p_subtotal, p_discount, p_total, p_tax,
    p_open_amount, p_due_on, p_verdict, p_source, p_reference, p_note, p_facts);
  INSERT INTO ordering_orderline (id, tenant_id, order_id, position, product_id, sku, qty, free_qty,
    per, base_price, unit_price, net_unit_price, discount, amount, tax_rate, net, tax, price_list,
    why, reserved_qty, cancelled_qty, cancelled_free, shipped_qty, shipped_free, delivered_qty,
    delivered_free, returned_qty, returned_free, charged_free, posted, credited)
  SELECT l.id, p_tenant, p_order, l.position, l.product_id, l.sku, l.qty, l.free_qty, l.per,
    l.base_price, l.unit_price, l.net_unit_price, l.discount, l.amount, l.tax_rate, l.net, l.tax,
    l.price_list, l.why, CASE WHEN p_reserved THEN l.qty + l.free_qty ELSE 0 END, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0
  FROM ROWS FROM (unnest(p_line_ids, p_positions, p_line_products, p_skus, p_qtys, p_free_qtys,
    p_pers, p_base_prices, p_unit_prices, p_net_unit_prices, p_discounts, p_line_amounts,
    p_tax_rates, p_nets, p_taxes, p_price_lists), jsonb_array_elements(p_whys))
  AS l(id, position, product_id, sku, qty, free_qty, per, base_price, unit_price, net_unit_price,
    discount, amount, tax_rate, net, tax, price_list, why);
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alliance", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("dealers", "0001_initial"),
        ("ledger", "0001_initial"),
        ("pricing", "0001_initial"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=120, verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("standard", "order"), ("presale", "pre-sale order"), ("van", "van sale")],
                        default="standard",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("review", "waiting for approval"),
                            ("held", "on credit hold"),
                            ("placed", "placed"),
                            ("confirmed", "confirmed"),
                            ("reserved", "reserved"),
                            ("part_shipped", "shipped in part"),
                            ("shipped", "shipped"),
                            ("delivered", "delivered"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=14,
                        verbose_name="state",
                    ),
                ),
                ("placed_at", models.DateTimeField(verbose_name="placed at")),
                ("placed_on", models.DateField(verbose_name="placed on")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered at")),
                ("window_from", models.DateTimeField(null=True, verbose_name="delivery from")),
                ("window_until", models.DateTimeField(null=True, verbose_name="delivery until")),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("subtotal", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="subtotal")),
                ("discount", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="discount")),
                ("total", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="total")),
                ("tax", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="tax")),
                (
                    "open_amount",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="not delivered yet"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="payment due on")),
                ("verdict", models.CharField(default="ok", max_length=10, verbose_name="price check")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="outside number")),
                ("reference", models.CharField(blank=True, max_length=100, verbose_name="buyer's reference")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "buyer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purchases",
                        to="dealers.party",
                        verbose_name="buyer",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="placed by",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sales",
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
                    models.UniqueConstraint(fields=("tenant", "number"), name="order_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("tenant", "source", "buyer"),
                        name="order_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("subtotal"), "-", models.F("discount")
                                ),
                            )
                        ),
                        name="order_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seller", models.F("buyer")), _negated=True),
                        name="order_two_parties",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "buyer", "-placed_at"], name="order_by_buyer"),
                    models.Index(fields=["tenant", "seller", "-placed_at", "-id"], name="order_sold"),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "review",
                                    "held",
                                    "placed",
                                    "confirmed",
                                    "reserved",
                                    "part_shipped",
                                    "shipped",
                                ),
                            )
                        ),
                        fields=["tenant", "seller", "state", "placed_on"],
                        include=("buyer",),
                        name="order_under_way",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("kind__in", ("presale", "van")), models.Q(("state", "cancelled"), _negated=True)
                        ),
                        fields=["tenant", "placed_on", "kind"],
                        include=("total", "buyer"),
                        name="order_to_outlets",
                    ),
                    models.Index(fields=["tenant", "-placed_at", "-id"], name="order_newest"),
                    models.Index(
                        condition=models.Q(("open_amount__gt", 0)),
                        fields=["tenant", "buyer", "seller", "due_on"],
                        name="order_open",
                    ),
                ],
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                ("free_qty", models.PositiveIntegerField(default=0, verbose_name="free")),
                ("per", models.PositiveIntegerField(default=1, verbose_name="per base units")),
                (
                    "base_price",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="base price"),
                ),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=14, verbose_name="price")),
                (
                    "net_unit_price",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="net unit price"),
                ),
                ("discount", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="discount")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="amount")),
                ("tax_rate", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="tax rate")),
                ("net", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="tax")),
                ("price_list", models.CharField(blank=True, max_length=40, verbose_name="price list")),
                ("why", models.JSONField(default=dict, verbose_name="reasons")),
                ("reserved_qty", models.PositiveIntegerField(default=0, verbose_name="reserved")),
                ("cancelled_qty", models.PositiveIntegerField(default=0, verbose_name="cancelled")),
                ("cancelled_free", models.PositiveIntegerField(default=0, verbose_name="cancelled free")),
                ("shipped_qty", models.PositiveIntegerField(default=0, verbose_name="shipped")),
                ("shipped_free", models.PositiveIntegerField(default=0, verbose_name="shipped free")),
                ("delivered_qty", models.PositiveIntegerField(default=0, verbose_name="delivered")),
                ("delivered_free", models.PositiveIntegerField(default=0, verbose_name="delivered free")),
                ("returned_qty", models.PositiveIntegerField(default=0, verbose_name="returned")),
                ("returned_free", models.PositiveIntegerField(default=0, verbose_name="returned free")),
                (
                    "charged_free",
                    models.PositiveIntegerField(default=0, verbose_name="free units charged"),
                ),
                (
                    "posted",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="posted so far"
                    ),
                ),
                (
                    "credited",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=16, verbose_name="credited for returns"
                    ),
                ),
                (
                    "order",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ordering.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "order", "position"), name="order_line_position"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="order_line_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "shipped_qty__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("qty"), "-", models.F("cancelled_qty")
                                ),
                            ),
                            (
                                "shipped_free__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("free_qty"), "-", models.F("cancelled_free")
                                ),
                            ),
                            ("delivered_qty__lte", models.F("shipped_qty")),
                            ("delivered_free__lte", models.F("shipped_free")),
                            (
                                "returned_qty__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("delivered_qty"), "+", models.F("charged_free")
                                ),
                            ),
                            (
                                "returned_free__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("delivered_free"), "-", models.F("charged_free")
                                ),
                            ),
                        ),
                        name="order_line_quantities",
                    ),
                ],
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=130, verbose_name="number")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="outside number")),
                ("returned_at", models.DateTimeField(verbose_name="returned at")),
                ("returned_on", models.DateField(verbose_name="returned on")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("net", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="tax")),
                ("credit", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="credited")),
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
                    "order",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="ordering.order",
                        verbose_name="order",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    models.UniqueConstraint(fields=("tenant", "number"), name="return_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("tenant", "source", "buyer"),
                        name="return_source_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "credit",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="return_adds_up",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "buyer", "-returned_at"], name="return_by_buyer"),
                    models.Index(fields=["tenant", "order"], name="return_by_order"),
                ],
                "verbose_name": "return",
                "verbose_name_plural": "returns",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                ("free_qty", models.PositiveIntegerField(default=0, verbose_name="free")),
                ("charged_free", models.PositiveIntegerField(default=0, verbose_name="free units charged")),
                (
                    "unit_price",
                    models.DecimalField(decimal_places=4, default=0, max_digits=14, verbose_name="price"),
                ),
                ("net", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="tax")),
                (
                    "order_line",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="ordering.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "parent",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ordering.return",
                        verbose_name="return",
                    ),
                ),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("qty__gt", 0), ("free_qty__gt", 0), ("charged_free__gt", 0), _connector="OR"
                        ),
                        name="return_line_some",
                    )
                ],
                "indexes": [models.Index(fields=["tenant", "parent"], name="return_line_of_return")],
                "verbose_name": "return line",
                "verbose_name_plural": "return lines",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ReturnRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "requested"),
                            ("accepted", "return accepted"),
                            ("declined", "declined"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("lines", models.JSONField(verbose_name="lines")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("requested_by", models.CharField(max_length=150, verbose_name="requested by")),
                ("requested_at", models.DateTimeField(verbose_name="requested at")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="decided by")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                (
                    "made",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ordering.return",
                        verbose_name="return",
                    ),
                ),
                (
                    "order",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_requests",
                        to="ordering.order",
                        verbose_name="order",
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
                        condition=models.Q(("state", "asked")),
                        fields=("tenant", "order"),
                        name="return_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "accepted"), _negated=True),
                            ("made__isnull", False),
                            _connector="OR",
                        ),
                        name="return_request_made",
                    ),
                ],
                "verbose_name": "return request",
                "verbose_name_plural": "return requests",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=130, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[("shipped", "in transit"), ("delivered", "delivered")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("shipped_at", models.DateTimeField(verbose_name="shipped at")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered at")),
                ("delivered_on", models.DateField(null=True, verbose_name="delivered on")),
                ("signed_by", models.CharField(blank=True, max_length=100, verbose_name="signed by")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="amount"),
                ),
                ("slip_at", models.DateTimeField(null=True, verbose_name="delivery slip uploaded at")),
                (
                    "timed_out",
                    models.BooleanField(db_default=False, default=False, verbose_name="received by time-out"),
                ),
                (
                    "order",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="ordering.order",
                        verbose_name="order",
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
                    models.UniqueConstraint(fields=("tenant", "number"), name="shipment_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivered_at__isnull", True),
                            ("delivered_at__gte", models.F("shipped_at")),
                            _connector="OR",
                        ),
                        name="shipment_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("timed_out", False),
                            models.Q(("delivered_at__isnull", False), ("slip_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="shipment_timed_out_with_slip",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "order"], name="shipment_by_order"),
                    models.Index(
                        condition=models.Q(("slip_at__isnull", False), ("state", "shipped")),
                        fields=["tenant", "slip_at"],
                        name="shipment_unanswered",
                    ),
                ],
                "verbose_name": "shipment",
                "verbose_name_plural": "shipments",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                ("free_qty", models.PositiveIntegerField(default=0, verbose_name="free")),
                ("net", models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=2, default=0, max_digits=16, verbose_name="tax")),
                (
                    "order_line",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shipments",
                        to="ordering.orderline",
                        verbose_name="order line",
                    ),
                ),
                (
                    "shipment",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ordering.shipment",
                        verbose_name="shipment",
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
                        fields=("tenant", "shipment", "order_line"), name="shipment_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("qty__gt", 0), ("free_qty__gt", 0), _connector="OR"),
                        name="shipment_line_some",
                    ),
                ],
                "indexes": [models.Index(fields=["tenant", "order_line"], name="shipment_line_of_line")],
                "verbose_name": "shipment line",
                "verbose_name_plural": "shipment lines",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Stock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("on_hand", models.BigIntegerField(default=0, verbose_name="on hand")),
                ("safety", models.PositiveBigIntegerField(default=0, verbose_name="safety stock")),
                ("quarantine", models.PositiveBigIntegerField(default=0, verbose_name="quarantine")),
                ("hard", models.PositiveBigIntegerField(default=0, verbose_name="reserved")),
                ("soft", models.PositiveBigIntegerField(default=0, verbose_name="ordered")),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stock",
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
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "party", "product"), name="stock_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "on_hand__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("hard"), "+", models.F("soft")
                                ),
                            )
                        ),
                        name="stock_not_oversold",
                    ),
                ],
                "verbose_name": "stock",
                "verbose_name_plural": "stock",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="StockMovement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12, verbose_name="kind")),
                ("qty", models.BigIntegerField(verbose_name="quantity")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "stock",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="ordering.stock",
                        verbose_name="stock",
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
                    models.UniqueConstraint(fields=("tenant", "stock", "source"), name="stock_movement_once")
                ],
                "verbose_name": "stock movement",
                "verbose_name_plural": "stock movements",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TradeDay",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("seller_id", models.UUIDField()),
                ("buyer_id", models.UUIDField()),
                ("delivered_net", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ("returned_net", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
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
                        fields=("tenant", "seller_id", "day", "buyer_id"),
                        include=("delivered_net", "returned_net"),
                        name="trade_day_once",
                    )
                ],
                "verbose_name": "day of trade",
                "verbose_name_plural": "days of trade",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TradeFact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("seller_id", models.UUIDField()),
                ("buyer_id", models.UUIDField()),
                ("product_id", models.UUIDField()),
                ("ordered_qty", models.BigIntegerField(default=0)),
                ("ordered_net", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ("delivered_qty", models.BigIntegerField(default=0)),
                ("delivered_free", models.BigIntegerField(default=0)),
                ("delivered_net", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ("returned_qty", models.BigIntegerField(default=0)),
                ("returned_net", models.DecimalField(decimal_places=2, default=0, max_digits=16)),
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
                "verbose_name": "trade fact",
                "verbose_name_plural": "trade facts",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Cart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="name")),
                ("lines", models.JSONField(default=list, verbose_name="lines")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                ("saved_by", models.CharField(blank=True, max_length=200, verbose_name="saved by")),
                (
                    "buyer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carts",
                        to="dealers.party",
                        verbose_name="buyer",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "verbose_name": "draft order",
                "verbose_name_plural": "draft orders",
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["tenant", "buyer", "seller"], name="cart_by_buyer")],
            },
        ),
        migrations.CreateModel(
            name="DeliveryPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hours", models.JSONField(default=list, verbose_name="windows of a day")),
                ("weekdays", models.JSONField(default=list, verbose_name="delivery days")),
                ("cut_off", models.TimeField(verbose_name="cut-off")),
                ("days_before", models.PositiveSmallIntegerField(verbose_name="days before the delivery")),
                ("days_ahead", models.PositiveSmallIntegerField(verbose_name="days ahead")),
                (
                    "receipt_hours",
                    models.PositiveSmallIntegerField(default=48, verbose_name="hours until received by time-out"),
                ),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("saved_at", models.DateTimeField(verbose_name="saved at")),
                ("saved_by", models.CharField(blank=True, max_length=200, verbose_name="saved by")),
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
                "verbose_name": "delivery windows",
                "verbose_name_plural": "delivery windows",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [models.UniqueConstraint(fields=("tenant",), name="delivery_plan_once")],
            },
        ),
        migrations.CreateModel(
            name="DeliverySlip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_name", models.CharField(max_length=100, verbose_name="file name")),
                (
                    "media_type",
                    models.CharField(
                        choices=[
                            ("image/jpeg", "JPEG"),
                            ("image/png", "PNG"),
                            ("image/webp", "WebP"),
                            ("application/pdf", "PDF"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("uploaded_by", models.CharField(max_length=150, verbose_name="uploaded by")),
                (
                    "shipment",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="ordering.shipment",
                        verbose_name="shipment",
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
                "verbose_name": "delivery slip",
                "verbose_name_plural": "delivery slips",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "shipment", "sha256"), name="delivery_slip_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=100, verbose_name="outside number")),
                (
                    "mode",
                    models.CharField(
                        choices=[("count", "count"), ("receipt", "receipt")],
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                ("lines", models.JSONField(verbose_name="lines")),
                ("reported_at", models.DateTimeField(verbose_name="reported at")),
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
            ],
            options={
                "verbose_name": "stock report",
                "verbose_name_plural": "stock reports",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "party", "source"), name="stock_report_once")
                ],
            },
        ),
        TenantTable(
            "TradeFact", partition_by="day", key=("seller_id", "buyer_id", "product_id"), permanent=True
        ),
        TenantTable("Order", permanent=True),
        TenantTable("OrderLine", permanent=True),
        TenantTable("Return", permanent=True),
        TenantTable("ReturnLine", permanent=True),
        TenantTable("Shipment", permanent=True),
        TenantTable("ShipmentLine", permanent=True),
        TenantTable("Stock"),
        TenantTable("StockMovement", append_only=True),
        TenantTable("Cart"),
        TenantTable("ReturnRequest"),
        TenantTable("DeliveryPlan"),
        TenantTable("DeliverySlip", append_only=True),
        TenantTable("StockReport", append_only=True),
        TenantTable("TradeDay", permanent=True),
        migrations.RunSQL(TRADE_TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(WRITE_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL(RESERVE_STOCK, migrations.RunSQL.noop),
        migrations.RunSQL(ADD_TRADE_FACTS, migrations.RunSQL.noop),
    ]
