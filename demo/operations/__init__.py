"""The demonstration tenant: a seasoning maker with a year of trade, the same for every day's seed.

Each file here makes one part of it from a chance of its own, in the order of `loading.PHASES`.
What is history is written in bulk, what is going on now is done by the real operations. No name
here is meant to be that of a real company.
"""
