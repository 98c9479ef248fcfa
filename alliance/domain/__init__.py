"""The rules of the guarantees as plain functions without a database."""
