"""API of the assortment."""
