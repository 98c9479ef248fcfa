"""The rules of stock as plain functions: they compute and explain, and save nothing."""
