"""What stands around the application: environment, embedded servers, processes, checks.

Everything here runs on the standard library of Python 3.11 alone, because it is what creates the
environment in which anything else can be imported.
"""
