"""Reads of the audit trail: for timelines, a contract's history, the admin's history page."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet

from audit.models import AuditEntry
from audit.targets import Target, label_and_key


def trail(target: Target, *more: Target) -> QuerySet[AuditEntry]:
    """Return the entries about these rows, oldest first. One statement, by the index of targets."""
    keys: dict[str, list[str]] = defaultdict(list)
    for one in (target, *more):
        label, key = label_and_key(one)
        keys[label].append(key)
    about = Q()
    for label, ids in keys.items():
        about |= Q(target=label, target_id__in=ids)
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(about).order_by("at", "id")
    return entries
