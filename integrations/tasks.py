"""Workers import this, and with it learn to do the jobs of integrations."""

from integrations.operations import importing

__all__ = ["importing"]
