"""Orders, stock, shipments, deliveries, returns and daily trade facts.

The room exists to carry an order from its draft to the return of its goods, and to state what was traded
for settlements and tiers.
"""
