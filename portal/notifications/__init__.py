"""Notify the person who requested a job that it has ended."""
