"""Web pages of the assortment."""
