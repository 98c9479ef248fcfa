"""Register the job kinds of demo with the workers."""

from demo.operations import load_job

__all__ = ["load_job"]
