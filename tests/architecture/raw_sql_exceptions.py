"""Files whose SQL names the tables of other rooms, with those rooms and the reason.

Raw SQL belongs to the room that owns the table. A new entry needs a measurement, or a set-based
statement that no query of the owner can stand in for; try the ORM or the owner's query first.
"""

from __future__ import annotations

EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    # Placing: 11 to 15 statements for an order of any size (docs/benchmarks.md, place-order). Its other
    # statements are functions of the database (docs/adr/0029).
    "ordering/operations/locking.py": (
        {"tenancy", "dealers", "ledger"},
        "Placing and fulfilment: the book to lock and the parties' settings in one statement.",
    ),
    "ordering/operations/bulk.py": (
        {"ledger"},
        "Placing: locks the books of many orders at once, in the order of their keys.",
    ),
    "pricing/queries/published_terms.py": (
        {"catalogue"},
        "Why this price: the schemes of a past day with the products of their categories.",
    ),
    "ordering/queries/orders.py": (
        {"catalogue", "dealers"},
        "Placing: an order and its lines with their names; each order operation returns them.",
    ),
    # Settlement: facts are aggregated where they lie; 5 million of them do not travel.
    "rebates/operations/tally.py": (
        {"ordering"},
        "Settlement: aggregates the trade facts of all buyers into tallies in one statement.",
    ),
    "rebates/queries/statement_lines.py": (
        {"catalogue", "ordering"},
        "Settlement: the lines of a statement, paged over shipments and returns together.",
    ),
    "rebates/queries/current_period.py": (
        {"ordering"},
        "Settlement: the base so far of many programs, by the settlement's own rule, in one statement.",
    ),
    # Tiers: the monthly run reads every party of every room at once.
    "analytics/operations/dimensions.py": (
        {"alliance", "dealers", "ordering"},
        "Tiers: the dimensions of 20,000 parties in one statement (8-9 s, docs/benchmarks.md).",
    ),
    # Homes and work lists: at most 15 statements a page at full size.
    "ordering/queries/presale.py": (
        {"catalogue", "ledger", "pricing"},
        "Homes: a member's order form with products, units, prices and credit.",
    ),
    # The alliance's measurements: facts are aggregated where they lie.
    "ordering/queries/plan_figures.py": (
        {"alliance", "catalogue", "dealers"},
        "Channel plan and KPIs: the results of all targets and contracts of a month in one statement each.",
    ),
    # Quick order: 5,000 lines within 1.5 s.
    "ordering/queries/quick_order/products.py": (
        {"catalogue"},
        "Quick order: thousands of products with units and stock, found in one statement.",
    ),
    "ordering/queries/quick_order/drafts.py": (
        {"catalogue"},
        "Quick order: the lines of the last order without the ended products, in one statement.",
    ),
    "ordering/queries/quick_order/sheet.py": (
        {"pricing"},
        "Quick order: the names of the schemes that apply, by code.",
    ),
    "ordering/queries/returns.py": (
        {"catalogue"},
        "The lines of a return with the names of their products.",
    ),
    "ordering/queries/stock.py": (
        {"tenancy"},
        "Sums by day of shipping, which is a date in the tenant's time zone.",
    ),
    "alliance/queries/taken_regions.py": (
        {"catalogue", "dealers"},
        "Overlapping areas with the names of their contracts and categories in one statement.",
    ),
    # Before a tenant is active, the ORM's managers refuse to read.
    "dealers/queries/parties.py": (
        {"tenancy"},
        "A user's memberships and invitations in every open tenant, before one is chosen.",
    ),
    "jobs/operations/outbox.py": (
        {"tenancy"},
        "The due messages of every open tenant in one statement, before one is active.",
    ),
    "ledger/operations/books.py": (
        {"tenancy"},
        "Opens many books at once in the tenant's currency.",
    ),
    # Proofs and bulk loads: they compare or fill the tables of several rooms by design.
    "ordering/queries/reconciliation.py": (
        {"ledger"},
        "Compares open orders and sales with the balances of the ledger.",
    ),
    "imports/operations/sales/trade.py": (
        {"ordering"},
        "Bulk import: half a million order lines within 90 s.",
    ),
    "imports/operations/sales/table_statistics.py": (
        {"catalogue", "dealers", "ledger", "ordering"},
        "Bulk import: names the tables to analyse after the first rows of a load.",
    ),
    "demo/operations/load_job.py": (
        {"alliance", "pricing"},
        "Bulk load of the demonstration: names the tables to analyse.",
    ),
    "demo/operations/price_lists.py": (
        {"pricing"},
        "Bulk load of the demonstration: price entries.",
    ),
    "demo/operations/stock.py": (
        {"dealers", "ordering"},
        "Bulk load of the demonstration: stock that follows from the shipments and returns.",
    ),
    # Functions of the database, made by migrations (ADR 0029).
    "function enter_by_session": (
        {"accounts", "tenancy"},
        "The way of a request: a session's person, memberships and tenant in one statement.",
    ),
    "function enter_by_key": (
        {"accounts", "dealers", "tenancy"},
        "The way of a request: key, actor, tenant and idempotency key in one statement.",
    ),
    "function trade_terms": (
        {"dealers", "ledger", "tenancy"},
        "Placing: the terms of trade, both parties and their book in one statement.",
    ),
    "function trade_parties": (
        {"dealers"},
        "Placing: a buyer's tier, channel and tags decide its prices.",
    ),
    "function schemes_in_force": (
        {"catalogue"},
        "Placing: the products that a scheme of categories covers, with the schemes in one statement.",
    ),
    "function products_and_limits": (
        {"catalogue"},
        "Placing: the products of an order and the limits on them in one statement.",
    ),
}
