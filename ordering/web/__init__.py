"""The trading pages: orders, shipments, returns, stock."""
