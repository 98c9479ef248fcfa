"""Bulk import: read a file, check all of it, and write it in resumable steps.

The room exists because an import writes the rows of several rooms in bulk.
"""
