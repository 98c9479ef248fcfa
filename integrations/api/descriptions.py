"""Descriptions of the operations and parameters of the API that describe nothing themselves.

The docstring of a view comes first, and so does the help text or label of a parameter.
"""

from __future__ import annotations

OPERATIONS = {
    "jobs_retrieve": "Return one job: its progress and its result.",
    "ledger_accounts_list": "List the accounts between seller and buyer, each with its balance.",
    "ledger_open_items_list": "List what is owed and not yet paid, each item with its due date.",
    "orders_list": "List the orders that the key's party placed or received, newest first.",
    "orders_create": "Place an order. Prices, credit and stock are checked, and each line gives the reasons "
    "for its price. An order over the credit limit is held, or refused if `hold` is false.",
    "orders_retrieve": "Return one order with its lines, the reasons for their prices, and its shipments.",
    "orders_ship": "Ship the given lines of an order, or all open quantities, and take them off the stock.",
    "parties_retrieve": "Return one party: a company or a shop.",
    "programs_retrieve": "Return one rebate program with its tiers.",
    "return_requests_create": "Ask the seller of an order, as its buyer, to take delivered goods back.",
    "return_requests_list": "List the requests of buyers to return goods, newest first.",
    "returns_list": "List the goods that buyers returned, newest first.",
    "returns_create": "Take goods back: against their order, or without an order at a given price. Free "
    "units that the remaining goods no longer earn are returned too, or charged.",
    "returns_retrieve": "Return one return of goods with its lines and its credit.",
    "scorecards_retrieve": "Return the scorecard of a party for one month, with its reasons.",
    "settlements_retrieve": "Return one settlement of a program, completed or in progress.",
    "shipments_list": "List shipments, newest first.",
    "shipments_retrieve": "Return one shipment with its lines.",
    "statements_retrieve": "Return one rebate statement: what a party earned in a period, with the "
    "calculation.",
    "stock_list": "List the stock of the key's party by product: on hand, promised and available.",
    "stock_create": "Record stock on hand: mode `count` sets it, mode `receipt` adds to it. The same "
    "`source` counts once: the same content again is a replay, other content a conflict.",
}
PARAMETERS = {
    "audience_value": "The code of the party, tag, tier, region or contract that the list is for.",
    "buyer": "The id of the buying party.",
    "category": "The exact code of the category.",
    "code": "The exact code.",
    "cursor": "The start of the page: a cursor from `next` or `previous` of another page.",
    "dealer": "The id of the dealer.",
    "due_until": "Due before this date.",
    "id": "The id.",
    "is_active": "Whether the party is active.",
    "fulfilled": "Whether the guarantee was kept.",
    "kind": "The exact kind.",
    "member": "The id of the member.",
    "month": "The first day of the month.",
    "move": "The change of tier.",
    "number": "The exact number of the order.",
    "on": "A date like 2026-06-01.",
    "order": "The id of the order.",
    "page_size": "The number of rows on a page, at most 500.",
    "parent": "The id of the party that supplies it.",
    "party": "The id of the party.",
    "period": "The exact name of the period, like 2026-06.",
    "placed_since": "Placed at this time or later.",
    "placed_until": "Placed before this time.",
    "program": "The id of the rebate program.",
    "qty": "The number of base units, for prices that depend on it; 1 by default.",
    "returned_since": "Returned at this time or later.",
    "seller": "The id of the selling party.",
    "settlement": "The id of the settlement.",
    "shipped_since": "Shipped at this time or later.",
    "since": "On this date or later.",
    "sku": "The exact SKU of the product.",
    "source": "The exact number in the system that sent the order.",
    "stage": "The stage of the product's life.",
    "starts_on": "The first day of the period.",
    "state": "The exact state.",
    "tag": "The code of a tag that the party has.",
    "tier": "The code of the party's tier.",
    "until": "Before this date.",
}
OPERATION_PARAMETERS = {
    ("orders_list", "state"): "One or more states.",
    ("prices_list", "seller"): "The seller, by id or code; by default the supplier of the buyer.",
    ("prices_list", "buyer"): "The buyer, by id or code; by default the key's own party.",
    (
        "prices_list",
        "on",
    ): "The date of the prices, by default today. Only the manufacturer may ask for a future date.",
    ("prices_list", "sku"): "The SKU of a product; repeat it for each product, at most 500 times.",
    ("simulate", "kind"): "The rule that the case is for.",
}
