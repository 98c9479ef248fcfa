"""Tell partners of their tiers, and find the people whom an event concerns."""
