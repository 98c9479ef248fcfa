"""Reads of the assortment."""
