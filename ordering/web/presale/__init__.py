"""Pre-sale orders that a seller writes on a phone at an outlet, also offline."""
