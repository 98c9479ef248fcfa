"""Which party a request means by an id or a code."""

import pytest

from accounts.rights import OUTLET, Actor, the_system
from dealers.queries.traders import UnknownParty, party_id_of, traders
from tenancy.models import new_id
from tests.factories import a_manufacturer, a_party

pytestmark = pytest.mark.django_db
STAFF = the_system()


def test_two_ids_are_not_looked_up(in_acme, django_assert_num_queries):
    seller, buyer = new_id(), new_id()
    with django_assert_num_queries(0):
        assert traders(seller=str(seller), buyer=str(buyer), actor=STAFF) == (seller, buyer)


def test_codes_are_found_in_one_statement(in_acme, django_assert_num_queries):
    seller = a_manufacturer(code="F")
    buyer = a_party(parent=seller, code="D1")
    with django_assert_num_queries(1):
        assert traders(seller="F", buyer="D1", actor=STAFF) == (seller.id, buyer.id)
    assert traders(seller=str(seller.id), buyer="D1", actor=STAFF) == (seller.id, buyer.id)


def test_the_supplier_sells_by_default_and_the_actor_buys(in_acme):
    factory = a_manufacturer(code="F")
    dealer = a_party(parent=factory, code="D1")
    member = a_party("member", parent=dealer, code="M1")
    outlet = a_party("outlet", parent=member, code="O1")
    free = a_party("dealer", parent=None, code="D2")
    assert traders(seller=None, buyer="O1", actor=STAFF) == (member.id, outlet.id)
    assert traders(seller=None, buyer="D2", actor=STAFF) == (factory.id, free.id)
    owner = Actor(party_id=outlet.id, party_kind=OUTLET, role="owner")
    assert traders(seller=None, buyer=None, actor=owner) == (member.id, outlet.id)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"seller": "F", "buyer": "X"}, "buyer"),
        ({"seller": "X", "buyer": "D1"}, "seller"),
        ({"seller": "F", "buyer": None}, "buyer"),
        ({"seller": None, "buyer": "F"}, "seller"),
    ],
)
def test_what_is_unknown_is_named(in_acme, given, field):
    a_party(parent=a_manufacturer(code="F"), code="D1")
    with pytest.raises(UnknownParty) as refused:
        traders(**given, actor=STAFF)
    assert refused.value.field == field


def test_a_party_is_named_by_id_or_code_or_is_the_actors_own(in_acme):
    party = a_party(parent=a_manufacturer(code="F"), code="D1")
    owner = Actor(party_id=party.id, party_kind=party.kind, role="owner")
    assert (
        party_id_of(None, owner) == party_id_of("D1", STAFF) == party_id_of(str(party.id), STAFF) == party.id
    )
    for reference in (None, "X"):
        with pytest.raises(UnknownParty):
            party_id_of(reference, STAFF)
