"""Notifications of published prices to sellers and to the buyers in the audience."""
