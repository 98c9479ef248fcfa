"""The REST API of orders, shipments, returns and stock."""
