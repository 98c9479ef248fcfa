"""A contract's own guarantee months, for the homes of partners and of who looks after a territory."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("alliance", "0005_guarantees_of_all_contracts")]

    operations = [
        # One that did not come to its end, as where something held the table, is made again.
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS guarantee_of_contract", migrations.RunSQL.noop
        ),
        AddIndexConcurrently(
            "guaranteemonth",
            models.Index(fields=["tenant", "contract", "month"], name="guarantee_of_contract"),
        ),
    ]
