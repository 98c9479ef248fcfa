"""Who is notified of a breach, of its last day, of a reply and of a decision."""

from decimal import Decimal

import pytest

from accounts.models import Message
from alliance.models import Breach
from alliance.notifications.breach_handlers import broken, decided, replied, reply_due
from alliance.operations.breaches import reply_to_breach
from tests.alliance.operations.test_breaches import JUNE_2, a_broken, decide
from tests.factories import an_actor
from tests.people import a_membership

pytestmark = pytest.mark.usefixtures("in_acme")


def told():
    return sorted(Message.objects.values_list("topic", "person__first_name"))


@pytest.fixture
def breach():
    contract = a_broken()
    for party in (contract.manufacturer, contract.dealer, contract.member):
        membership = a_membership(party)
        type(membership.user).objects.filter(id=membership.user_id).update(first_name=party.kind)
    return Breach.objects.get(contract=contract)


def test_the_dealer_and_the_member_know_of_a_breach_once(breach):
    for _ in range(2):
        broken({"breach_id": str(breach.id)}, JUNE_2)
    assert told() == [("guarantee.broken", kind) for kind in ("dealer", "member")]


def test_only_the_side_at_fault_is_reminded_until_it_replies(breach):
    reply_due({"breach_id": str(breach.id)}, JUNE_2)
    assert told() == [("breach.reply_due", "dealer")]
    Message.objects.all().delete()
    dealer = breach.contract.dealer
    reply_to_breach(breach_id=breach.id, accepts=True, reason="", by=an_actor(dealer), at=JUNE_2)
    reply_due({"breach_id": str(breach.id)}, JUNE_2)
    assert told() == []
    replied({"breach_id": str(breach.id), "party_id": str(dealer.id)}, JUNE_2)
    assert told() == [("breach.replied", "manufacturer")]


def test_both_know_the_decision(breach):
    decide(breach, "partly", amount=Decimal(30))
    decided({"breach_id": str(breach.id)}, JUNE_2)
    assert told() == [("breach.decided", "dealer"), ("breach.decided", "member")]
    assert Message.objects.first().params["payable"] == {"money": "30.00"}
