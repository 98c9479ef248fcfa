"""Deliveries by the host that they wait for, and those that somebody is sending just now."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("accounts", "0003_proved_mail_and_held_deliveries")]

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_to_target", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_being_sent", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["tenant", "target", "id"],
                condition=models.Q(state="waiting") & ~models.Q(target=""),
                name="delivery_to_target",
            ),
        ),
        AddIndexConcurrently(
            "delivery",
            models.Index(
                fields=["tenant", "sending_until"],
                condition=models.Q(sending_until__isnull=False),
                name="delivery_being_sent",
            ),
        ),
    ]
