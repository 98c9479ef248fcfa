"""What an entry of the audit trail is about: a row, named by its model and its key."""

from __future__ import annotations

from django.db.models import Model

Target = Model | tuple[type[Model], object]
"""A row, or its model and its key where the row itself was not read."""


def label_and_key(target: Target) -> tuple[str, str]:
    """Return the `app.model` and the key as text, as an entry stores them."""
    model, key = target if isinstance(target, tuple) else (type(target), target.pk)
    return model._meta.label_lower, str(key)
