"""The tier rules as plain functions without a database."""
