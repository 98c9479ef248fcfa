"""Whose data is it: tenants, the active tenant, tables that refuse strangers, jobs and the outbox."""
