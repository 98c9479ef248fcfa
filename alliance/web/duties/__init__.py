"""Pages of duties and KPIs."""
