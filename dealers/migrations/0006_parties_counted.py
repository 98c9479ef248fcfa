"""Parties of a territory, and active ones of each kind, found and counted without the table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

ADDED = (
    models.Index(fields=["tenant", "region", "kind"], include=["id", "is_active"], name="party_of_region"),
    models.Index(fields=["tenant", "kind"], condition=Q(is_active=True), name="party_active"),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("dealers", "0005_invitation_labels")]

    operations = [
        operation
        for index in ADDED
        for operation in (
            # One that did not come to its end, as where something held the table, is made again.
            migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop),
            AddIndexConcurrently("party", index),
        )
    ] + [RemoveIndexConcurrently("party", "party_by_region")]
