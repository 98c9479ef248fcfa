"""Register the job kinds of imports with the workers."""

from imports.operations.sales import job

__all__ = ["job"]
