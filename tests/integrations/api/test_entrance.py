"""The entrance of a request: one statement finds who acts and sets the tenant, by key or by session."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dealers.models import Membership, Party
from tenancy.context import tenant_active
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
LEAVING = "SET LOCAL app.tenant = ''"  # the test's transaction goes on after the request


def _statements(get):
    get()
    with CaptureQueriesContext(connection) as captured:
        assert get().status_code == 200
    return [query["sql"] for query in captured if query["sql"] != LEAVING]


def _of_the_entrance(statements):
    marks = ("enter_by_", "SET LOCAL", "integrations_apikey", "tenancy_tenanthost", "accounts_signinpolicy")
    return [one for one in statements if any(mark in one for mark in marks)]


def test_a_key_enters_in_one_statement(acme, a_client):
    client = a_client(acme)
    (entrance,) = _of_the_entrance(_statements(lambda: client.get("/api/v1/products")))
    assert "enter_by_key" in entrance


def test_a_session_enters_in_one_statement(acme):
    browser = signed_in(a_member_of(acme))
    (entrance,) = _of_the_entrance(_statements(lambda: browser.get("/inbox")))
    assert "enter_by_session" in entrance


def _tenant_setting():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        return cursor.fetchone()[0] or ""


def test_a_key_that_opens_nothing_sets_no_tenant(acme, a_client, client):
    caller = a_client(acme, "dealer")
    unknown = client.get("/api/v1/products", headers={"authorization": f"Bearer tp_{'x' * 40}"})
    assert (unknown.status_code, _tenant_setting()) == (401, "")
    with tenant_active(acme):
        Party.objects.filter(id=caller.party.id).update(is_active=False)
    assert (caller.get("/api/v1/products").status_code, _tenant_setting()) == (401, "")


def test_a_party_that_is_not_active_lets_its_people_into_no_tenant(acme):
    membership = a_member_of(acme, "dealer")
    browser = signed_in(membership)
    assert browser.get("/inbox").status_code == 200
    with tenant_active(acme):
        Party.objects.filter(id=membership.party_id).update(is_active=False)
    assert browser.get("/inbox").status_code != 200
    assert _tenant_setting() == ""


def test_a_session_ends_with_the_membership_that_it_acts_by(acme):
    membership = a_member_of(acme)
    browser = signed_in(membership)
    assert browser.get("/inbox").status_code == 200
    with tenant_active(acme):
        Membership.objects.filter(id=membership.id).update(is_active=False)
    assert browser.get("/inbox").status_code == 302
    assert "_auth_user_id" not in browser.session
