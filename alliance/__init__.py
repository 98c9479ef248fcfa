"""What the three parties promised: contracts, guarantees and their evidence."""
