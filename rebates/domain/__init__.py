"""The rules of rebates as plain functions: they compute and explain, and save nothing."""
