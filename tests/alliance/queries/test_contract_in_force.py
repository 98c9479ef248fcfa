from datetime import date

import pytest

from alliance.queries import contract_in_force
from tenancy.context import tenant_active
from tests.factories import a_contract, a_manufacturer, a_party

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def two(in_acme):
    a_manufacturer()
    dealer = a_party("dealer")
    return dealer, a_party("member", parent=dealer)


def found(two, **more):
    return contract_in_force(**{"seller_id": two[0].id, "buyer_id": two[1].id, "on": TODAY} | more)


def test_the_active_contract_of_the_day_is_found(two):
    contract = a_contract(*two, delivery_hours=24, late_fee="50.00")
    seen = found(two)
    assert (seen.id, seen.code, seen.delivery_hours) == (contract.id, contract.code, 24)


@pytest.mark.parametrize("state", ["draft", "submitted", "ended"])
def test_a_contract_that_is_not_active_promises_nothing(two, state):
    a_contract(*two, state=state)
    assert found(two) is None


def test_the_term_starts_on_its_first_day_and_is_over_on_its_last(two):
    a_contract(*two, starts_on=date(2026, 6, 1), until=date(2026, 7, 1))
    assert found(two, on=date(2026, 5, 31)) is None
    assert found(two, on=date(2026, 6, 1)) is not None
    assert found(two, on=date(2026, 6, 30)) is not None
    assert found(two, on=date(2026, 7, 1)) is None


def test_of_two_the_one_that_started_last_holds(two):
    a_contract(*two, starts_on=date(2026, 1, 1))
    newer = a_contract(*two, starts_on=date(2026, 5, 1))
    assert found(two).id == newer.id


def test_a_named_contract_must_be_between_these_two(two):
    older, _newer = a_contract(*two), a_contract(*two, starts_on=date(2026, 5, 1))
    other = a_contract(two[0], a_party("member"))
    assert found(two, contract_id=older.id).id == older.id
    assert found(two, contract_id=other.id) is None


def test_another_dealers_contract_with_the_member_does_not_count(two):
    a_contract(a_party("dealer"), two[1])
    assert found(two) is None


def test_another_tenants_contract_is_not_there(acme, bolt):
    with tenant_active(acme):
        dealer, member = a_party("dealer"), a_party("member")
        a_contract(dealer, member)
    with tenant_active(bolt):
        assert found((dealer, member)) is None
