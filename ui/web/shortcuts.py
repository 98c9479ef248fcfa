"""Shortcuts of views, in the manner of django.shortcuts."""

from __future__ import annotations

from typing import Any

from django.db.models import Manager, QuerySet
from django.shortcuts import get_object_or_404


def get_visible_or_404(rows: Manager[Any] | QuerySet[Any], actor: Any, **wanted: Any) -> Any:
    """Return the one of `rows` that matches `wanted` and is visible to the actor. Raises Http404 if none is.

    `rows` are those of a noun with `visible_to`: `Order.objects`, or a query-set of it.
    """
    return get_object_or_404(rows.visible_to(actor), **wanted)  # type: ignore[union-attr]  # of the noun
