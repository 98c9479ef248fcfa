"""What partners earned, as pages: programs, settlements, statements that open to their deliveries."""
