from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.rights import NotAllowed
from audit.models import AuditEntry
from dealers.models import Membership, Party
from dealers.operations.parties import BadParty, OutsideTerritory, PartyExists, add_party, edit_party
from dealers.queries.parties import parties_in, parties_like
from tests.factories import a_manufacturer, a_party, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def _dealer(**values) -> Party:
    return Party(**{"kind": "dealer", "code": "D1", "name": "肇庆恒丰粮油贸易"} | values)


def test_a_party_is_saved_normalised_and_traced(director):
    party = add_party(
        party=_dealer(code=" D1 ", phone="0758 2345678", uscc="91110000600037341l", region_id="441284"),
        by=director,
        at=AT,
    )
    party.refresh_from_db()
    assert (party.code, party.phone, party.uscc) == ("D1", "+867582345678", "91110000600037341L")
    assert AuditEntry.objects.get(target_id=str(party.id)).action == "party.add"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"uscc": "91110000600037341"}, "uscc"),
        ({"uscc": "911100006000373411"}, "uscc"),
        ({"phone": "12345"}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"code": " "}, "code"),
        ({"name": ""}, "name"),
        ({"name": "n" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"kind": "friend"}, "kind"),
        ({"region_id": "999999"}, "region"),
    ],
)
def test_bad_input_names_its_field_and_saves_nothing(director, values, field):
    with pytest.raises(BadParty) as refused:
        add_party(party=_dealer(**values), by=director, at=AT)
    assert refused.value.field == field
    assert refused.value.message
    assert not Party.objects.filter(kind="dealer").exists()


def test_a_short_credit_code_says_how_many_characters_are_missing(director):
    with pytest.raises(BadParty, match=r"18.*17"):
        add_party(party=_dealer(uscc="91110000600037341"), by=director, at=AT)


def test_a_code_is_given_once(director):
    add_party(party=_dealer(), by=director, at=AT)
    with pytest.raises(PartyExists) as refused, transaction.atomic():
        add_party(party=_dealer(name="Another"), by=director, at=AT)
    assert refused.value.field == "code"
    assert Party.objects.filter(code="D1").count() == 1


def test_a_tenant_has_one_manufacturer(director):
    with pytest.raises(PartyExists) as refused:
        add_party(party=_dealer(kind="manufacturer", code="M2"), by=director, at=AT)
    assert refused.value.field == "kind"


def test_an_outlet_does_not_supply_a_dealer(director):
    outlet = a_party("outlet")
    with pytest.raises(BadParty) as refused:
        add_party(party=_dealer(parent=outlet), by=director, at=AT)
    assert refused.value.field == "parent"


def test_a_new_name_reaches_the_memberships(director):
    dealer = add_party(party=_dealer(), by=director, at=AT)
    membership = a_membership(dealer)
    dealer.name = "肇庆恒丰"
    edit_party(party=dealer, by=director, at=AT)
    assert Membership.objects.get(id=membership.id).party_name == "肇庆恒丰"


def test_a_party_keeps_its_kind(director):
    dealer = add_party(party=_dealer(), by=director, at=AT)
    dealer.kind = "member"
    with pytest.raises(BadParty):
        edit_party(party=dealer, by=director, at=AT)


def test_a_dealer_may_not_edit_parties(director):
    dealer = a_party("dealer")
    with pytest.raises(NotAllowed):
        add_party(party=_dealer(), by=an_actor(dealer), at=AT)


def test_a_region_manager_adds_parties_in_granted_territories_only(director):
    manager = an_actor(a_manufacturer(), "region_manager")
    with pytest.raises(OutsideTerritory) as refused:
        add_party(party=_dealer(region_id="441284"), by=manager, at=AT)
    assert refused.value.field == "region"


@pytest.mark.parametrize(
    "typed", ["恒丰", "恒丰粮油", "hf", "zqhf", "hengfeng", "d1", "肇庆 粮油", "陈", "Ｄ１"]
)
def test_a_party_is_found_by(director, typed):
    add_party(party=_dealer(contact="陈丰"), by=director, at=AT)
    add_party(party=_dealer(code="X9", name="四会旺记批发"), by=director, at=AT)
    assert [party.code for party in parties_like(Party.objects.all(), typed)] == ["D1"]


@pytest.mark.parametrize("typed", ["丰恒", "hfzq", "恒丰 旺记", "%", "_"])
def test_a_party_is_not_found_by(director, typed):
    add_party(party=_dealer(), by=director, at=AT)
    assert not parties_like(Party.objects.all(), typed).exists()


def test_a_region_includes_all_beneath_it(director):
    add_party(party=_dealer(region_id="441284"), by=director, at=AT)
    assert parties_in(Party.objects.all(), "44").count() == 1
    assert parties_in(Party.objects.all(), "4412").count() == 1
    assert parties_in(Party.objects.all(), "4401").count() == 0
    assert parties_in(Party.objects.all(), "x").count() == 0
