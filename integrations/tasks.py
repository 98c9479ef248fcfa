"""Workers import this, and with it learn to do the jobs of integrations."""

from integrations.operations import importing, keys
from integrations.operations.demo import loading

__all__ = ["importing", "keys", "loading"]
