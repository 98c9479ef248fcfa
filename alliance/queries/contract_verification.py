"""Whether three parties signed a text, for anybody who holds its verification code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from alliance.domain.verification import read_verification_code
from alliance.models import Contract, Signature
from tenancy.context import active_tenant_id, enter_tenant, has_active_tenant, leave_tenant, tenant_active
from tenancy.models import Tenant

PARTIES = 3


@dataclass(frozen=True, slots=True)
class VerifiedContract:
    """What a stranger may know of a text: the days on which it was signed, by how many of the three."""

    signed_on: tuple[date, ...]

    @property
    def signed_by_all(self) -> bool:
        return len(self.signed_on) == PARTIES


def verified_contract(code: str) -> VerifiedContract | None:
    """Return what is known of the text with this code; None if no contract has it now."""
    found = read_verification_code(code)
    if found is None:
        return None
    tenant_id, beginning = found
    tenant = Tenant.objects.filter(id=tenant_id, is_open=True).first()
    if tenant is None:
        return None
    with _inside(tenant_id):
        contract = Contract.objects.filter(digest__startswith=beginning).only("id", "digest").first()
        if contract is None:
            return None
        rows = Signature.objects.filter(contract=contract, digest=contract.digest)
        zone = ZoneInfo(tenant.timezone)
        days = [at.astimezone(zone).date() for at in rows.order_by("at").values_list("at", flat=True)]
    return VerifiedContract(tuple(days))


@contextmanager
def _inside(tenant_id: UUID) -> Iterator[None]:
    """Work in a tenant; a reader who is signed in to another tenant is back in it afterwards."""
    mine = active_tenant_id() if has_active_tenant() else None
    if mine is None or mine == tenant_id:
        with tenant_active(tenant_id):
            yield
        return
    leave_tenant()
    try:
        with tenant_active(tenant_id):
            yield
    finally:
        enter_tenant(mine)
