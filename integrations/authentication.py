"""API keys: `Authorization: Bearer tp_…`. Only a SHA-256 of the key is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission

from accounts.rights import Actor

PREFIX = "tp_"


@dataclass(frozen=True, slots=True)
class OpenKey:
    id: UUID
    tenant_id: UUID
    name: str
    scopes: frozenset[str]
    issued_by: UUID | None = None

    is_authenticated = True
    is_active = True


def new_key() -> tuple[str, str]:
    """A key to show once, and the hash to keep."""
    key = PREFIX + secrets.token_urlsafe(32)
    return key, hash_of(key)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def actor_of_key(header: str, *, at: datetime) -> tuple[OpenKey, Actor] | None:
    """The key and who acts by it; None for a missing, unknown, switched-off or expired one, and for
    one that answers to nobody.

    Whether the person who issued it still may is asked where the tenant is entered.
    """
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.startswith(PREFIX):
        return None
    key_hash = hash_of(key.strip())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.key_hash = %s", [key_hash])
        cursor.execute(
            "SELECT id, tenant_id, name, scopes, party_id, party_kind, role, issued_by_id"
            " FROM integrations_apikey"
            " WHERE key_hash = %s AND is_active AND (issued_by_id IS NOT NULL OR is_platforms)"
            " AND (expires_at IS NULL OR expires_at > %s)",
            [key_hash, at],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    scopes = frozenset(row[3])
    actor = Actor(party_id=row[4], party_kind=row[5], role=row[6], label=f"API: {row[2]}", scopes=scopes)
    return OpenKey(id=row[0], tenant_id=row[1], name=row[2], scopes=scopes, issued_by=row[7]), actor


class ApiKeyAuthentication(BaseAuthentication):
    """The door has opened already (config.middleware); DRF is only told by whom."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        key = getattr(request._request, "api_key", None)
        return None if key is None else (key, key)

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """A view names `right` (or `rights` by method); the key's actor must hold it."""

    def has_permission(self, request: Any, view: Any) -> bool:
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is None:
            return False
        right = getattr(view, "rights", {}).get(request.method) or getattr(view, "right", None)
        return right is not None and actor.may(right)
