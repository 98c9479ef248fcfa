from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from guardian.models import GroupObjectPermission, UserObjectPermission

from accounts.rights import Actor
from alliance.models import Contract
from dealers.models import Party
from dealers.operations.territories import (
    BadTerritory,
    TerritoryExists,
    create_territory,
    grant_territory,
    revoke_territory,
)
from ordering.models import Order
from tests.factories import a_contract, a_manufacturer, a_party, an_actor
from tests.people import a_membership, a_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


@pytest.fixture
def manager(director):
    membership = a_membership(a_manufacturer(), "region_manager")
    return membership.user


@pytest.fixture
def inside(director):
    return a_party("dealer", region_id="441284")


@pytest.fixture
def outside(director):
    return a_party("dealer", region_id="440106")


def _acting(user) -> Actor:
    own = a_manufacturer()
    return Actor(party_id=own.id, party_kind="manufacturer", role="region_manager", user_id=user.id)


def _an_order(buyer) -> Order:
    return Order.objects.create(
        number=f"O-{buyer.code}",
        state="placed",
        seller=a_manufacturer(),
        buyer=buyer,
        placed_at=AT,
        placed_on=AT.date(),
        subtotal=0,
        discount=0,
        total=0,
        tax=0,
        due_on=AT.date(),
    )


def _seen(user) -> tuple[set[str], set[str], set[str]]:
    """Codes of parties (the own one left out), buyers of orders, members of contracts."""
    actor = _acting(user)
    parties = set(Party.objects.visible_to(actor).exclude(kind="manufacturer").values_list("code", flat=True))
    orders = set(Order.objects.visible_to(actor).values_list("buyer__code", flat=True))
    contracts = set(Contract.objects.visible_to(actor).values_list("member__code", flat=True))
    return parties, orders, contracts


def test_without_a_grant_a_region_manager_sees_nobody(manager, inside):
    _an_order(inside)
    assert _seen(manager) == (set(), set(), set())


def test_a_grant_shows_the_territory_and_nothing_else(director, manager, inside, outside):
    near, far = a_party("member", region_id="441284"), a_party("member", region_id="440106")
    a_contract(inside, near)
    a_contract(outside, far)
    _an_order(inside)
    _an_order(outside)
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], by=director, at=AT)
    grant_territory(territory=territory, to=manager, by=director, at=AT)
    grant_territory(territory=territory, to=manager, by=director, at=AT)
    assert _seen(manager) == ({inside.code, near.code}, {inside.code}, {near.code})


def test_a_grant_to_a_group_counts_for_its_people(director, manager, inside, outside):
    group = Group.objects.create(name="west")
    manager.groups.add(group)
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], by=director, at=AT)
    grant_territory(territory=territory, to=group, by=director, at=AT)
    assert _seen(manager)[0] == {inside.code}
    assert _seen(a_membership(a_manufacturer(), "region_manager").user)[0] == set()
    revoke_territory(territory=territory, to=group, by=director, at=AT)
    assert _seen(manager)[0] == set()


def test_what_was_taken_back_is_not_seen_any_more(director, manager, inside):
    territory = create_territory(code="ZQ", name="肇庆", regions=["441284"], by=director, at=AT)
    grant_territory(territory=territory, to=manager, by=director, at=AT)
    revoke_territory(territory=territory, to=manager, by=director, at=AT)
    assert _seen(manager)[0] == set()


def test_grants_stay_out_of_the_global_tables(director, manager):
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], by=director, at=AT)
    grant_territory(territory=territory, to=manager, by=director, at=AT)
    for model in (UserObjectPermission, GroupObjectPermission):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            model.objects.exists()


def test_only_the_manufacturers_people_are_granted_one(director):
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], by=director, at=AT)
    with pytest.raises(BadTerritory) as refused:
        grant_territory(territory=territory, to=a_user(), by=director, at=AT)
    assert refused.value.field == "user"


def test_bad_territories_are_refused(director):
    with pytest.raises(BadTerritory) as refused:
        create_territory(code="ZQ", name="肇庆", regions=["999999"], by=director, at=AT)
    assert refused.value.field == "regions"
    create_territory(code="ZQ", name="肇庆", regions=[], by=director, at=AT)
    with pytest.raises(TerritoryExists):
        create_territory(code="ZQ", name="again", regions=[], by=director, at=AT)
