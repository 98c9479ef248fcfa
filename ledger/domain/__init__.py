"""The rules of credit as plain functions: they compute and explain, and save nothing."""
