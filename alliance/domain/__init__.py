"""The rules of the guarantees as plain functions: they compute and explain, and save nothing."""
