"""The shapes of requests and responses, for the schema and for lists."""
