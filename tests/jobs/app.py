"""What the tests' worker runs: the site's own app, and effects that a test can count."""

import django

from config.celery import app

django.setup()

import tests.jobs.effects

__all__ = ["app", "tests"]
