"""Other systems: API keys, idempotency, imports, simulations."""
