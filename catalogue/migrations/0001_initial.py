import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import catalogue.models.product
import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "name"), name="brand_name")],
                "verbose_name": "brand",
                "verbose_name_plural": "brands",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Category",
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="category_code")],
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sku", models.CharField(max_length=60, verbose_name="SKU")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "sku_key",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=120,
                        verbose_name="spelling of the SKU",
                    ),
                ),
                (
                    "name_key",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=200,
                        verbose_name="spelling of the name",
                    ),
                ),
                ("search", models.CharField(blank=True, editable=False, max_length=600)),
                ("base_unit", models.CharField(default="瓶", max_length=20, verbose_name="base unit")),
                (
                    "tax_rate",
                    models.DecimalField(
                        decimal_places=4, default="0.13", max_digits=5, verbose_name="tax rate"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("trial", "on trial"),
                            ("active", "active"),
                            ("ending", "running out"),
                            ("ended", "discontinued"),
                        ],
                        default="active",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                (
                    "brand",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.brand",
                        verbose_name="brand",
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
                    models.UniqueConstraint(fields=("tenant", "sku"), name="product_sku"),
                    models.CheckConstraint(
                        condition=models.Q(("tax_rate__gte", 0), ("tax_rate__lt", 1)), name="product_tax_rate"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "sku_key"], name="product_sku_key"),
                    models.Index(fields=["tenant", "name_key"], name="product_name_key"),
                ],
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=20, verbose_name="name")),
                ("factor", models.PositiveIntegerField(verbose_name="base units")),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="units",
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
                    models.UniqueConstraint(fields=("tenant", "product", "name"), name="unit_name"),
                    models.CheckConstraint(condition=models.Q(("factor__gte", 1)), name="unit_factor"),
                ],
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Barcode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=14,
                        validators=[catalogue.models.product.check_barcode],
                        verbose_name="barcode",
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
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="barcodes",
                        to="catalogue.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "unit",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="catalogue.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "code"), name="barcode_code"),
                    models.UniqueConstraint(
                        models.F("tenant"),
                        django.db.models.functions.text.LPad("code", 14, models.Value("0")),
                        name="barcode_gtin",
                    ),
                ],
                "verbose_name": "barcode",
                "verbose_name_plural": "barcodes",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("Brand"),
        TenantTable("Category"),
        TenantTable("Product"),
        TenantTable("Unit"),
        TenantTable("Barcode"),
    ]
