import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.rights import the_system
from dealers.models import Party
from integrations.models import ApiKey
from integrations.operations.api_keys import grantable, issue_key
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party


class Caller(APIClient):
    """A caller, its key's record and secret, and the party it acts for."""

    key: ApiKey
    party: Party
    secret: str


@pytest.fixture(autouse=True)
def _nothing_is_counted(settings):
    """The cache is shared with whoever else tests on this machine; a test of a limit sets its own."""
    settings.API_RATE_PER_KEY = settings.API_RATE_PER_ADDRESS = settings.API_FAILURES_PER_ADDRESS = 0


@pytest.fixture
def a_client():
    """A caller with a key: of the manufacturer unless a kind says otherwise, with all it may have."""

    def make(tenant, kind="manufacturer", *, scopes=None, party=None, **key) -> Caller:
        system, client = the_system(), Caller()
        with tenant_active(tenant):
            party = party or (a_manufacturer() if kind == "manufacturer" else a_party(kind))
            role = "system" if kind == "manufacturer" else "owner"
            wanted = sorted(grantable(kind, role, system)) if scopes is None else scopes
            issued = issue_key(party=party, name="test", scopes=wanted, by=system, at=timezone.now(), **key)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {issued.secret}")
        client.key, client.party, client.secret = issued.record, party, issued.secret
        return client

    return make
