"""A member's figures are told to the dealer with whom they were made, and to no other."""

import pytest

from alliance.queries import own_figures
from tenancy.context import tenant_active
from tests.alliance.web.world import AT, alliance_world
from tests.factories import a_party, an_actor

pytestmark = pytest.mark.django_db


def test_a_new_dealer_is_told_nothing_of_the_contract_with_the_one_before():
    world = alliance_world()
    world.late_delivery(world.active(), AT.date())
    with tenant_active(world.tenant):
        rival = a_party("dealer", parent=world.maker)
        told = {
            name: own_figures(world.member.id, by=an_actor(party))
            for name, party in (
                ("maker", world.maker),
                ("dealer", world.dealer),
                ("member", world.member),
                ("rival", rival),
            )
        }
    assert told.pop("rival") is None
    assert {(one.deliveries, one.late) for one in told.values()} == {(1, 1)}
