"""The demonstration tenant and its one-click sign-ins.

The room exists so that the product can be tried with a year of trade; no other room depends on it.
"""
