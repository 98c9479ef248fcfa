"""Authenticate API keys (`Authorization: Bearer tp_…`), of which only a SHA-256 is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission

from accounts.rights import Actor
from dealers.queries.parties import governing_roles
from tenancy.context import tenant_entered
from tenancy.models import Tenant
from ui.web.requests import TenantRequest

PREFIX = "tp_"


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A checked key, as `request.user` of an API view."""

    id: UUID
    tenant_id: UUID
    name: str
    scopes: frozenset[str]

    is_authenticated = True
    is_active = True


def new_key() -> tuple[str, str]:
    """Return a new key, to display once, and the hash to store."""
    key = PREFIX + secrets.token_urlsafe(32)
    return key, hash_of(key)


def hash_of(key: str) -> str:
    """Return the hash by which a key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """The Idempotency-Key of a write, and the digest of its request."""

    record_id: UUID
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer to an earlier request under the same Idempotency-Key; `body` is compressed by zlib."""

    request_hash: str
    status: int
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """A valid key with its actor and tenant; `answer` if the Idempotency-Key was used before."""

    key: OpenKey
    actor: Actor
    tenant: Tenant
    answer: StoredAnswer | None


_TENANT_FIELDS = [field.attname for field in Tenant._meta.concrete_fields]
_ENTER = (
    "SELECT (e.found_key).id, (e.found_key).name, (e.found_key).scopes, (e.found_key).issued_by_id,"
    " (e.found_key).party_id,"
    " (e.found_key).party_kind, (e.found_key).role, (e.answered).request_hash, (e.answered).status,"
    " (e.answered).body, (e.answered).content_type, e.is_claimed, "
    + ", ".join(f"(e.found_tenant).{column}" for column in _TENANT_FIELDS)
    + " FROM enter_by_key(%s, %s, %s, %s, %s, %s) e"
)
_ISSUER_ROLES = [f"{kind}:{role}" for kind, role in governing_roles()]


def secret_of(header: str) -> str | None:
    """Return the API key of an Authorization header; None if it contains none."""
    scheme, _, key = header.partition(" ")
    return key.strip() if scheme.lower() == "bearer" and key.startswith(PREFIX) else None


def enter_by_key(secret: str, *, claim: Claim | None, at: datetime) -> Entrance | None:
    """Enter the tenant of a key and claim the Idempotency-Key, in one SQL statement.

    Return None for an unknown, revoked or expired key, for a key whose issuer may no longer issue it,
    for an inactive party and for a closed tenant. The caller must also call leave_tenant(). A claim
    waits for the commit of another request with the same Idempotency-Key.
    """
    wanted = (claim.record_id, claim.key, claim.request_hash) if claim else (None, None, None)
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [hash_of(secret), at, _ISSUER_ROLES, *wanted])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, name, scope_names, issuer_id, party_id, party_kind, role, *answer, is_claimed = row[:12]
    tenant = Tenant.from_db("default", _TENANT_FIELDS, row[12:])
    tenant_entered(tenant.id)
    scopes = frozenset(scope_names)
    return Entrance(
        key=OpenKey(id=key_id, tenant_id=tenant.id, name=name, scopes=scopes),
        actor=Actor(
            party_id=party_id,
            party_kind=party_kind,
            role=role,
            label=f"API: {name}",
            scopes=scopes,
            issuer_id=issuer_id,
        ),
        tenant=tenant,
        answer=None if claim is None or is_claimed else StoredAnswer(*answer),
    )


class ApiRequest(TenantRequest):
    """A request to the API: its key, the claimed idempotency key and the answer that it already has."""

    api_key: OpenKey | None
    claim: Claim | None
    earlier_answer: StoredAnswer | None
    seconds_to_wait: int


class ApiKeyAuthentication(BaseAuthentication):
    """Return the key that the middleware has checked (config.middleware)."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        key = getattr(request._request, "api_key", None)
        return None if key is None else (key, key)

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """Require the right that the view names in `right`, or in `rights` by method."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.method not in view.allowed_methods:
            raise MethodNotAllowed(request.method)
        actor: Actor | None = getattr(request._request, "actor", None)
        if actor is None:
            return False
        right = getattr(view, "rights", {}).get(request.method) or getattr(view, "right", None)
        return right is not None and actor.may(right)
