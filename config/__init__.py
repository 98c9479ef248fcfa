"""Settings, URLs, Celery, middleware, error pages, and the mapping of refusals to responses.

The package assembles the rooms and contains no product code.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
