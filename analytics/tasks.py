"""Register the jobs of analytics with the workers."""

from analytics.operations import tier_months

__all__ = ["tier_months"]
