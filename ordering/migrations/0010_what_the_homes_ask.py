"""Orders under way, orders sold newest first, orders to outlets by day: what the homes ask of a million."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

UNDER_WAY = ("review", "held", "placed", "confirmed", "reserved", "part_shipped", "shipped")
ADDED = (
    models.Index(fields=["tenant", "seller", "-placed_at", "-id"], name="order_sold"),
    models.Index(
        fields=["tenant", "seller", "state", "placed_on"],
        include=["buyer"],
        condition=Q(state__in=UNDER_WAY),
        name="order_under_way",
    ),
    models.Index(
        fields=["tenant", "placed_on", "kind"],
        include=["total", "buyer"],
        condition=Q(kind__in=("presale", "van")) & ~Q(state="cancelled"),
        name="order_to_outlets",
    ),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ordering", "0009_days_of_trade")]

    operations = [
        operation
        for index in ADDED
        for operation in (
            # One that did not come to its end, as where something held the table, is made again.
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop),
            AddIndexConcurrently("order", index),
        )
    ] + [RemoveIndexConcurrently("order", "order_by_seller")]
