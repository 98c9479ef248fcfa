from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.rights import NotAllowed
from audit.models import AuditEntry
from integrations.authentication import hash_of
from integrations.models import ApiKey
from integrations.operations.api_keys import BadKey, NoSuchKey, ScopeTooWide, issue_key, revoke_key
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party, an_actor
from tests.people import a_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def director(in_acme):
    return replace(an_actor(a_manufacturer()), user_id=a_user().pk)


def test_a_key_is_kept_as_a_hash_and_traced(director):
    issued = issue_key(party=a_party(), name="ERP", scopes=["order.view"], by=director, at=AT)
    record = ApiKey.objects.get()
    assert record.key_hash == hash_of(issued.secret)
    assert issued.secret not in str(record.__dict__)
    assert (record.role, record.party_kind, record.scopes) == ("owner", "dealer", ["order.view"])
    assert AuditEntry.objects.get(target_id=str(record.id)).action == "api_key.issue"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["order.steal"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"expires_at": AT - timedelta(days=1)}, "expires_at"),
        ({"role": "director"}, "role"),
        ({"role": "system"}, "role"),
    ],
)
def test_bad_input_names_its_field(director, values, field):
    given = {"name": "ERP", "scopes": ["order.view"]} | values
    with pytest.raises(BadKey) as refused:
        issue_key(party=a_party(), by=director, at=AT, **given)
    assert refused.value.field == field


def test_nobody_gives_more_than_they_hold(director):
    dealer = a_party()
    with pytest.raises(ScopeTooWide):
        issue_key(party=dealer, name="ERP", scopes=["catalogue.edit"], by=director, at=AT)
    with pytest.raises(ScopeTooWide):
        issue_key(party=dealer, name="ERP", scopes=["rebate.settle"], by=an_actor(dealer), at=AT)
    with pytest.raises(NotAllowed):
        issue_key(party=dealer, name="ERP", scopes=["order.view"], by=an_actor(dealer, "finance"), at=AT)


def test_a_partner_issues_and_revokes_keys_of_its_own_only(director):
    mine, theirs = a_party(), a_party()
    with pytest.raises(NoSuchKey):
        issue_key(party=theirs, name="ERP", scopes=["order.view"], by=an_actor(mine), at=AT)
    issued = issue_key(party=theirs, name="ERP", scopes=["order.view"], by=director, at=AT)
    with pytest.raises(NoSuchKey), transaction.atomic():
        revoke_key(key_id=issued.record.id, by=an_actor(mine), at=AT)
    revoke_key(key_id=issued.record.id, by=an_actor(theirs), at=AT)
    revoke_key(key_id=issued.record.id, by=director, at=AT)
    assert not ApiKey.objects.get().is_active


def test_the_command_prints_the_key_and_nothing_else(acme, client):
    with tenant_active(acme):
        dealer = a_party()
    out = StringIO()
    call_command(
        "issue_api_key", "--tenant", "acme", "--party", dealer.code, "--scopes", "party.view", stdout=out
    )
    secret = out.getvalue().strip()
    page = client.get("/api/v1/parties", headers={"authorization": f"Bearer {secret}"})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--tenant", "nobody", "--party", "M", "--scopes", "all"], "tenant"),
        (["--tenant", "acme", "--party", "nobody", "--scopes", "all"], "party"),
    ],
)
def test_the_command_says_what_is_wrong(acme, arguments, told):
    with pytest.raises(CommandError, match=told):
        call_command("issue_api_key", *arguments)
