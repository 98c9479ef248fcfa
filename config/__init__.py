"""The switchboard: settings, addresses, workers and error pages; the only room that knows all."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
