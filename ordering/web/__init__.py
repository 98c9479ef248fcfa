"""The pages of orders, shipments, returns, stock and delivery windows."""
