"""Register the handlers of integrations with the workers."""

from integrations.operations import api_keys

__all__ = ["api_keys"]
