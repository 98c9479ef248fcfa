"""A key lasts no longer than the standing of the person who issued it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.rights import Actor, the_system
from audit.models import AuditEntry
from dealers.operations.people import change_role, withdraw
from integrations.models import ApiKey
from integrations.operations.api_keys import end_orphaned_keys, issue_key
from jobs.models import OutboxMessage
from jobs.operations import outbox
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party
from tests.people import a_membership
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["dealer", "manufacturer"])
def issuer(request, acme):
    """The dealer's owner, or the manufacturer's director; both issue a key to the dealer."""
    with tenant_active(acme):
        dealer, maker = a_party(), a_manufacturer()
        a_membership(maker)
        return a_membership(dealer if request.param == "dealer" else maker), dealer


@pytest.fixture
def key(issuer, acme):
    membership, dealer = issuer
    by = Actor(
        party_id=membership.party_id,
        party_kind=membership.party_kind,
        role=membership.role,
        user_id=membership.user_id,
    )
    with tenant_active(acme):
        issued = issue_key(party=dealer, name="ERP", scopes=["party.view"], by=by, at=timezone.now())
    return issued.secret


def _answers(client, key):
    return client.get("/api/v1/parties", headers={"authorization": f"Bearer {key}"}).status_code


def _leave(membership, how):
    if how == "withdrawn":
        withdraw(membership_id=membership.id, by=the_system(), at=timezone.now())
    elif how == "another role":
        change_role(membership=membership, role="finance", by=the_system(), at=timezone.now())
    else:
        User.objects.filter(id=membership.user_id).update(is_active=False)


@pytest.mark.parametrize("how", ["withdrawn", "another role", "account closed"])
def test_a_key_ends_with_the_person_who_issued_it(acme, client, issuer, key, how):
    assert _answers(client, key) == 200
    with tenant_active(acme):
        _leave(issuer[0], how)
    assert _answers(client, key) == 401


def test_it_stays_ended_when_the_person_comes_back(acme, client, issuer, key):
    membership, _dealer = issuer
    role = membership.role
    with tenant_active(acme):
        change_role(membership=membership, role="finance", by=the_system(), at=timezone.now())
        message = OutboxMessage.objects.get(topic="dealers.standing")
    outbox.deliver(tenant_id=acme.id, message_id=message.id, at=timezone.now())
    with tenant_active(acme):
        change_role(membership=membership, role=role, by=the_system(), at=timezone.now())
        assert AuditEntry.objects.filter(target="integrations.apikey", action="api_key.revoke").exists()
    assert _answers(client, key) == 401


def test_the_round_ends_keys_of_closed_accounts_and_no_others(acme, client, issuer, key):
    with tenant_active(acme):
        assert end_orphaned_keys(by=the_system(), at=timezone.now()) == 0
        issue_key(party=issuer[1], name="ours", scopes=["party.view"], by=the_system(), at=timezone.now())
        _leave(issuer[0], "account closed")
        assert end_orphaned_keys(by=the_system(), at=timezone.now()) == 1
        assert set(ApiKey.objects.values_list("name", "is_active")) == {("ERP", False), ("ours", True)}


def test_no_key_issues_keys(acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        key = Actor(party_id=maker.id, party_kind="manufacturer", role="system", label="API: ERP")
        with refused("not_allowed"):
            issue_key(party=maker, name="ours", scopes=["party.view"], by=key, at=timezone.now())


def test_a_key_that_answers_to_nobody_cannot_be_active(acme, issuer, key):
    with tenant_active(acme):
        assert ApiKey.objects.filter(name="ERP", is_platforms=False, issued_by__isnull=False).exists()
        with pytest.raises(IntegrityError, match="api_key_answers_to_somebody"), transaction.atomic():
            ApiKey.objects.update(issued_by=None)
        ApiKey.objects.update(issued_by=None, is_active=False)
