"""What each party owes and may spend: double entry, append-only."""
