"""Workers import this, and with it learn to do the jobs of integrations."""

from demo.operations import load_job
from imports.operations.sales import job
from integrations.operations import api_keys

__all__ = ["importing", "keys", "loading"]
