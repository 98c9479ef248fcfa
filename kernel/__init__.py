"""The words every room shares: money, periods, quantities, refusals, cases. Plain Python.

Nothing here knows Django, the database or the clock, so anything may import it.
"""
