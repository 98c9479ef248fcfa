"""Types that every room shares: money, periods, quantities, refusals, typed input. Plain Python.

Nothing here imports Django or reads the database or the clock, so every room may import it.
"""
