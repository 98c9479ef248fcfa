"""The launcher behind `./run`: environment, embedded servers, processes, checks.

It needs only the standard library of Python 3.11, because it creates the environment from which
everything else is imported.
"""
