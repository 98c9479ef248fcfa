"""Open items with their amounts in the index: what is overdue is added up without the table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ledger", "0003_a_book_has_two_parties")]

    operations = [
        # One that did not come to its end, as where something held the table, is made again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS open_item_unsettled", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "openitem",
            models.Index(
                fields=["tenant", "book", "due_on"],
                include=["amount", "settled"],
                condition=~models.Q(settled=models.F("amount")),
                name="open_item_unsettled",
            ),
        ),
        RemoveIndexConcurrently("openitem", "open_item_open"),
    ]
