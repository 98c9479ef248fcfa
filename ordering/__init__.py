"""From basket to aftercare: orders, stock, shipments, deliveries, returns and their facts."""
