"""The list of orders, newest first, for who sees all of a tenant's: lists `orders` and the homes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ordering", "0006_outside_numbers_are_the_buyers")]

    operations = [
        # One that did not come to its end, as where something held the table, is made again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS order_newest", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "order", models.Index(fields=["tenant", "-placed_at", "-id"], name="order_newest")
        ),
    ]
