"""Workers import this, and with it learn to do the jobs of rebates."""

from rebates.operations import guarantees, settling

__all__ = ["guarantees", "settling"]
