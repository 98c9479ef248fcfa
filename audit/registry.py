"""The actions that rooms register for the audit trail, with their labels.

A room declares its actions as `TextChoices` in its `audit_actions.py` and names them in its
`apps.py`: `audit_actions = (OrderAction, StockAction)`. Stored values have the form `noun.verb` and are
unique among all rooms.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from tenancy.rooms import registered


@cache
def registered_actions() -> Mapping[str, Any]:
    """Return the lazily translated label of each registered action, by its stored value.

    Raises ImproperlyConfigured if two actions have the same value.
    """
    labels: dict[str, Any] = {}
    for choices in registered("audit_actions"):
        for action in choices:
            if action.value in labels:
                raise ImproperlyConfigured(f"Two audit actions have the value {action.value!r}.")
            labels[action.value] = action.label
    return labels


def action_label(action: str) -> str:
    """Return an action's label in the active language, or the value itself if it is not registered."""
    return str(registered_actions().get(action, action))


def target_label(target: str) -> str:
    """Return the name of a target's model (`app.model`) in the active language."""
    try:
        return str(apps.get_model(target)._meta.verbose_name)
    except (LookupError, ValueError):
        return target
