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
                            ("held", "held by credit"),
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
                ("verdict", models.CharField(default="ok", max_length=10, verbose_name="verdict")),
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
                    models.PositiveIntegerField(default=0, verbose_name="free units kept and charged"),
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
                            ("asked", "asked for"),
                            ("accepted", "taken back"),
                            ("declined", "declined"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("lines", models.JSONField(verbose_name="lines")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("requested_by", models.CharField(max_length=150, verbose_name="asked by")),
                ("requested_at", models.DateTimeField(verbose_name="asked at")),
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
                        choices=[("shipped", "on its way"), ("delivered", "delivered")],
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
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["tenant", "buyer", "-placed_at"], name="order_by_buyer"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["tenant", "seller", "-placed_at", "-id"], name="order_sold"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        ("review", "held", "placed", "confirmed", "reserved", "part_shipped", "shipped"),
                    )
                ),
                fields=["tenant", "seller", "state", "placed_on"],
                include=("buyer",),
                name="order_under_way",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("kind__in", ("presale", "van")), models.Q(("state", "cancelled"), _negated=True)
                ),
                fields=["tenant", "placed_on", "kind"],
                include=("total", "buyer"),
                name="order_to_outlets",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["tenant", "-placed_at", "-id"], name="order_newest"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("open_amount__gt", 0)),
                fields=["tenant", "buyer", "seller", "due_on"],
                name="order_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="order_number"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True),
                fields=("tenant", "source", "buyer"),
                name="order_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("seller", models.F("buyer")), _negated=True), name="order_two_parties"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.UniqueConstraint(
                fields=("tenant", "order", "position"), name="order_line_position"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
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
                    ("returned_qty__lte", models.F("delivered_qty")),
                    ("returned_free__lte", models.F("delivered_free")),
                ),
                name="order_line_quantities",
            ),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["tenant", "buyer", "-returned_at"], name="return_by_buyer"),
        ),
        migrations.AddIndex(
            model_name="return",
            index=models.Index(fields=["tenant", "order"], name="return_by_order"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="return_number"),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True),
                fields=("tenant", "source", "buyer"),
                name="return_source_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="return",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="returnline",
            index=models.Index(fields=["tenant", "parent"], name="return_line_of_return"),
        ),
        migrations.AddConstraint(
            model_name="returnline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("qty__gt", 0), ("free_qty__gt", 0), ("charged_free__gt", 0), _connector="OR"
                ),
                name="return_line_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("tenant", "order"),
                name="return_request_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True), ("made__isnull", False), _connector="OR"
                ),
                name="return_request_made",
            ),
        ),
        migrations.AddIndex(
            model_name="shipment",
            index=models.Index(fields=["tenant", "order"], name="shipment_by_order"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.UniqueConstraint(fields=("tenant", "number"), name="shipment_number"),
        ),
        migrations.AddConstraint(
            model_name="shipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_at__isnull", True),
                    ("delivered_at__gte", models.F("shipped_at")),
                    _connector="OR",
                ),
                name="shipment_time",
            ),
        ),
        migrations.AddIndex(
            model_name="shipmentline",
            index=models.Index(fields=["tenant", "order_line"], name="shipment_line_of_line"),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.UniqueConstraint(
                fields=("tenant", "shipment", "order_line"), name="shipment_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shipmentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("qty__gt", 0), ("free_qty__gt", 0), _connector="OR"),
                name="shipment_line_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="stock",
            constraint=models.UniqueConstraint(fields=("tenant", "party", "product"), name="stock_once"),
        ),
        migrations.AddConstraint(
            model_name="stock",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="stockmovement",
            constraint=models.UniqueConstraint(
                fields=("tenant", "stock", "source"), name="stock_movement_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tradeday",
            constraint=models.UniqueConstraint(
                fields=("tenant", "seller_id", "day", "buyer_id"),
                include=("delivered_net", "returned_net"),
                name="trade_day_once",
            ),
        ),
        TenantTable("TradeFact", partition_by="day", key=("seller_id", "buyer_id", "product_id")),
        TenantTable("Order"),
        TenantTable("OrderLine"),
        TenantTable("Return"),
        TenantTable("ReturnLine"),
        TenantTable("Shipment"),
        TenantTable("ShipmentLine"),
        TenantTable("Stock"),
        TenantTable("StockMovement", append_only=True),
        TenantTable("Cart"),
        TenantTable("ReturnRequest"),
        TenantTable("DeliveryPlan"),
        TenantTable("TradeDay"),
        migrations.RunSQL(TRADE_TERMS, migrations.RunSQL.noop),
    ]
