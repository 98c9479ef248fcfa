"""Verbs of the assortment."""
