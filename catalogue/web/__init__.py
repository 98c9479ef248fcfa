"""Web pages of the catalogue."""
