"""Refresh the planner's statistics after the first rows of a large load.

Without statistics PostgreSQL may check a foreign key through any index that begins with the tenant and
read all rows of the tenant each time, and it reuses this plan for the session. Only a table's owner may
analyze it. If the owner's connection is not configured, autovacuum does it later.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connections

TRADE = (
    "catalogue_product",
    "dealers_party",
    "ledger_account",
    "ledger_book",
    "ledger_entry",
    "ledger_journal",
    "ledger_openitem",
    "ordering_order",
    "ordering_orderline",
    "ordering_return",
    "ordering_returnline",
    "ordering_shipment",
    "ordering_shipmentline",
    "ordering_tradeday",
    "ordering_tradefact",
)


def refresh_statistics(tables: Iterable[str] = TRADE) -> bool:
    """Analyze the committed rows of the tables as their owner; return False if that is not configured."""
    if "owner" not in settings.DATABASES:
        return False
    owner = connections["owner"]
    own_connection = owner.get_new_connection(owner.get_connection_params())
    try:
        own_connection.autocommit = True
        with own_connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute("ANALYZE (SKIP_LOCKED) " + ", ".join(f'"{table}"' for table in tables))
    finally:
        own_connection.close()
    return True
