from functools import cache

from celery import current_app


@cache
def load_tasks() -> None:
    """Imports every room's tasks, where the outbox's handlers and the jobs' workers register.

    A web process or a command has not; what is unknown there must not count as nothing to do.
    """
    current_app.loader.import_default_modules()
