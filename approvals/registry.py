"""The kinds of changes that rooms register as needing approval (`approval_kinds` of a room's config)."""

from __future__ import annotations

from typing import Any

from tenancy.rooms import ApprovalKind, approval_kinds, resolve


def kind_of(code: str) -> ApprovalKind:
    """Return the registered kind. Raise LookupError for any other code."""
    return approval_kinds()[code]


def kind_label(code: str) -> str:
    """Return the kind's name in the active language, or the code if it is no longer registered."""
    kind = approval_kinds().get(code)
    return str(kind.label) if kind else code


def basis_of(code: str, values: dict[str, Any]) -> Any:
    """Return what a change with these values is based on now."""
    return resolve(kind_of(code).basis)(values)
