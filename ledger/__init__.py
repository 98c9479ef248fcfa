"""The ledger: what each buyer owes each seller and may spend, in append-only double entry.

A room of its own so that every amount of money is posted by one piece of code and can be verified.
"""
