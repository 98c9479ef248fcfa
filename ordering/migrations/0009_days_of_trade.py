"""What was delivered and returned, by seller, day and buyer: kept from now on, and made of the facts."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import RunUnforced, TenantTable

TABLES = ["ordering_tradefact", "ordering_tradeday"]


def fold_facts(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(
        "INSERT INTO ordering_tradeday"
        " (id, tenant_id, day, seller_id, buyer_id, delivered_net, returned_net)"
        " SELECT gen_random_uuid(), tenant_id, day, seller_id, buyer_id, sum(delivered_net), sum(returned_net)"
        " FROM ordering_tradefact WHERE delivered_net <> 0 OR returned_net <> 0"
        " GROUP BY tenant_id, day, seller_id, buyer_id"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ordering", "0008_delivery_windows"),
        ("tenancy", "0005_forms_sent_once_and_search"),
    ]

    operations = [
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "seller_id", "day", "buyer_id"),
                        include=("delivered_net", "returned_net"),
                        name="trade_day_once",
                    )
                ],
            },
        ),
        TenantTable("TradeDay"),
        RunUnforced(fold_facts, tables=TABLES, reverse_code=migrations.RunPython.noop),
    ]
