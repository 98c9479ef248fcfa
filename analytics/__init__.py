"""Figures computed over the whole tenant: the monthly inputs of the tiers.

The room exists so that computations over many rooms' facts are in one place; only it may use pandas.
"""
