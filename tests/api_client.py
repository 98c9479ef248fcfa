"""A partner system: a client with the key of a party in a role."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.test import Client

from accounts.rights import all_rights
from dealers.models import Party
from integrations.authentication import new_key
from integrations.models import ApiKey
from tenancy.context import tenant_active
from tenancy.models import Tenant

_next = count(1).__next__


class ApiClient:
    """`get` and `post` paths under /api/v1/; every write has an Idempotency-Key of its own.

    The key is the platform's own, or the `issuer`'s.
    """

    def __init__(
        self, tenant: Tenant, party: Party, role: str, scopes: Any = None, *, issuer: Any = None
    ) -> None:
        key, key_hash = new_key()
        granted = sorted(all_rights() if scopes is None else scopes)
        with tenant_active(tenant):
            ApiKey.objects.create(
                name=f"key {_next()}",
                key_hash=key_hash,
                scopes=granted,
                party=party,
                party_kind=party.kind,
                role=role,
                is_platforms=issuer is None,
                issued_by=issuer,
            )
        self.client, self.headers = Client(), {"Authorization": f"Bearer {key}"}

    def get(self, path: str, query: Any = None) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": f"w{_next()}"}
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    def put(self, path: str, body: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": f"w{_next()}"}
        return self.client.put(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
