"""The API for other systems: keys, idempotency and the OpenAPI schema.

The room exists so that every room's API has one way of authentication and of safe retries.
"""
