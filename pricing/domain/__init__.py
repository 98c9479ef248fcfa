"""The pricing rules as plain functions without a database."""
