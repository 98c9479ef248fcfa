"""The rules of tiers as plain functions: they compute and explain, and save nothing."""
