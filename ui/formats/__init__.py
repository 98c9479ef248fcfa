"""Formats of dates and numbers by language, where the trade's differ from Django's.

Inputs accept the ISO form first: a browser's date field sends and expects it.
"""
