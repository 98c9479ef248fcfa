"""Loading of every room's Celery tasks."""

from functools import cache

from celery import current_app


@cache
def load_tasks() -> None:
    """Import every room's tasks, which register the outbox's handlers and the jobs' workers.

    A web process or a command has not imported them; without them it would take a message for handled.
    """
    current_app.loader.import_default_modules()
