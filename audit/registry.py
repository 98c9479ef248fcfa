"""The actions that rooms register for the audit trail, with their labels.

A room declares its actions as `TextChoices` in its `audit_actions.py` and names them in its
`apps.py`: `audit_actions = (OrderAction, StockAction)`. Stored values are `noun.verb`, once in all rooms.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured


@cache
def registered_actions() -> Mapping[str, Any]:
    """Return each registered action's stored value with its label, which is translated when it is read."""
    labels: dict[str, Any] = {}
    for config in apps.get_app_configs():
        for choices in getattr(config, "audit_actions", ()):
            for action in choices:
                if action.value in labels:
                    raise ImproperlyConfigured(f"Two audit actions have the value {action.value!r}.")
                labels[action.value] = action.label
    return labels


def action_label(action: str) -> str:
    """Return an action's label in the reader's language; an action that is not registered is its own."""
    return str(registered_actions().get(action, action))


def target_label(target: str) -> str:
    """Return what a kind of target (`app.model`) is called in the reader's language."""
    try:
        return str(apps.get_model(target)._meta.verbose_name)
    except (LookupError, ValueError):
        return target
