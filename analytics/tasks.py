"""Workers import this, and with it learn to do the jobs of analytics."""

from analytics.operations import tier_months

__all__ = ["tier_months"]
