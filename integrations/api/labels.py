"""What the OpenAPI document says of operations and parameters that say nothing of themselves.

A view's docstring comes first, and so does a parameter's own help text or label.
"""

from __future__ import annotations

OPERATIONS = {
    "jobs_retrieve": "One job: how far it is, and what came of it.",
    "ledger_accounts_list": "The accounts between seller and buyer, each with its balance.",
    "ledger_open_items_list": "What is owed and not yet paid, each item with the day it is due.",
    "orders_list": "The orders that the key's party placed or received, newest first.",
    "orders_create": "Places an order: price, credit and stock are asked, and each line says why it costs "
    "what it costs. An order over the credit limit waits, or is refused where `hold` is false.",
    "orders_retrieve": "One order with its lines, the reasons of their prices, and its shipments.",
    "orders_ship_create": "Sends what is named of an order, or all that is left, and takes it off the stock.",
    "parties_retrieve": "One party: a company or shop.",
    "price_lists_retrieve": "One price list without its prices; they are at `entries`.",
    "products_retrieve": "One product with its units and barcodes.",
    "programs_retrieve": "One rebate program with its tiers.",
    "returns_list": "What buyers sent back, newest first.",
    "returns_create": "Takes goods back: against the order they came with, or without one at a named price. "
    "Free units that the kept goods no longer earn come back or are charged.",
    "returns_retrieve": "One return with its lines and what was credited.",
    "scorecards_retrieve": "One month's scorecard of a party with its reasons.",
    "settlements_retrieve": "One period of a program: settled, or being settled.",
    "shipments_list": "What was sent, newest first.",
    "shipments_retrieve": "One shipment with its lines.",
    "shipments_deliver_create": "The goods have arrived: who signed for them, and when.",
    "statements_retrieve": "One statement: what a party earned in a period, and how it was counted.",
    "stock_list": "What the key's party has of each product: on hand, promised, and free to sell.",
    "stock_create": "Tells what is on hand: `count` sets it, `receipt` adds to it. The same `source` counts "
    "once.",
}
PARAMETERS = {
    "audience_value": "The code of the party, tag, tier, region or contract that the list is for.",
    "buyer": "The buying party's id.",
    "code": "Its code, exactly.",
    "cursor": "Where the page begins, from `next` or `previous` of the page before.",
    "dealer": "The dealer's id.",
    "due_until": "Due before this day.",
    "id": "Its id.",
    "kept": "Whether the promise was kept.",
    "kind": "Its kind, exactly.",
    "member": "The member's id.",
    "month": "The first day of the month.",
    "number": "The order's number, exactly.",
    "on": "The day asked about: a date like 2026-06-01.",
    "order": "The order's id.",
    "page_size": "How many rows a page has, 500 at most.",
    "parent": "The id of the party that supplies it.",
    "party": "The party's id.",
    "period": "The period's name, exactly, like 2026-06.",
    "placed_since": "Placed at this moment or later.",
    "placed_until": "Placed before this moment.",
    "program": "The rebate program's id.",
    "qty": "How many base units, for prices that depend on it; 1 if absent.",
    "returned_since": "Sent back at this moment or later.",
    "seller": "The selling party's id.",
    "settlement": "The settlement's id.",
    "shipped_since": "Sent at this moment or later.",
    "since": "On this day or later.",
    "sku": "The product's SKU, exactly.",
    "source": "The number it has in the system that sent it, exactly.",
    "starts_on": "The first day of the period.",
    "tag": "The code of a tag that it has.",
    "tier": "The code of its tier.",
    "until": "Before this day.",
}
OF_ONE = {
    ("prices_retrieve", "seller"): "Who sells, by id or code; the buyer's supplier if absent.",
    ("prices_retrieve", "buyer"): "Who buys, by id or code; the key's own party if absent.",
    (
        "prices_retrieve",
        "on",
    ): "The day whose prices are asked, today if absent. Only the manufacturer asks for days to come.",
    ("prices_retrieve", "sku"): "A product's SKU; named once for each product, 500 at most.",
    ("simulate", "kind"): "The rule that the case is for.",
}
