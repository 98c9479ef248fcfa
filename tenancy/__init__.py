"""Tenants: separate each manufacturer's data by the active tenant and by row security in the database."""
