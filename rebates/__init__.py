"""Rebates: programs, their settlements, the partners' statements, and guarantees booked to wallets.

The room exists so that what a partner earns is computed by one rule, from the facts of deliveries
and returns, and can be explained down to each line.
"""
