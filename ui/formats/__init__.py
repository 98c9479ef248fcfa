"""Dates and numbers as each language writes them, where Django's own differ from the trade's.

Inputs take the ISO form first: it is what a date field of the browser sends and must be given.
"""
