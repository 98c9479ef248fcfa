"""The rules of pricing as plain functions: they compute and explain, and save nothing."""
