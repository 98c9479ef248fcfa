"""Tell the three parties what happens to their contract."""
