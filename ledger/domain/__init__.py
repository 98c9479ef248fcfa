"""The credit rules as plain functions without a database."""
