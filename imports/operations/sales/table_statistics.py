"""Fresh statistics after the first rows of a large load.

A table that was never analysed makes PostgreSQL check a foreign key through any index that begins
with the tenant, reading all rows of the tenant each time; and the plan is kept for the session.
Only a table's owner may analyse it: where the owner's connection is not configured, autovacuum does
it in its own time.
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
    """Analyses the tables as their owner, on what is committed; False where that cannot be done."""
    if "owner" not in settings.DATABASES:
        return False
    owner = connections["owner"]
    held = owner.get_new_connection(owner.get_connection_params())
    try:
        held.autocommit = True
        with held.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            cursor.execute("ANALYZE (SKIP_LOCKED) " + ", ".join(f'"{table}"' for table in tables))
    finally:
        held.close()
    return True
