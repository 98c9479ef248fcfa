"""Rules of the catalogue, without database and clock."""
