"""What partners earned: programs, settlements, statements, guarantees booked."""
