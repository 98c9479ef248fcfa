"""The queue of prices to decide on: its trace, the decision with a reason, and who may decide."""

import pytest
from django.urls import reverse

from accounts.models import Message
from audit.models import AuditEntry
from ordering.models import Order
from ordering.notifications.handlers import approved
from pricing.models import Limit
from tests.api_client import ApiClient
from tests.factories import a_party, a_price_list
from tests.ordering.trade import AT, Trade
from tests.people import a_membership, a_user
from tests.scene import MOST, Scene, said, statements, text_of

pytestmark = pytest.mark.django_db
QUEUE = reverse("price-reviews")


@pytest.fixture
def scene(acme):
    return Scene(acme)


def limited(scene, floor="6", action="review", **given):
    values = {"seller": scene.trade.seller, "product": scene.trade.products[0], "clause": "4.2"}
    with scene.inside():
        return Limit.objects.create(**values | {"floor": floor, "action": action} | given)


def in_review(scene, **given):
    order = scene.order(Trade.place, ("A", 10), ("B", 3), **given)
    assert order.state == "review"
    return order


def decide(client, order, decision, reason, **more):
    url = reverse("order-price-decision", args=[order.id])
    return client.post(url, {"decision": decision, "reason": reason, "back": "queue"} | more)


def state_of(scene, order):
    with scene.inside():
        return Order.objects.get(id=order.id).state


def test_the_queue_shows_the_trace_of_each_price(scene):
    limit = limited(scene)
    limited(scene, clause="建议价", floor="7", action="advise")
    order = in_review(scene)
    with scene.inside():
        limit.floor = 1
        limit.save()
    text = text_of(scene.director.get(QUEUE))
    for part in (order.number, scene.trade.buyer.name, "≥ 6.0000", "4.2", "1.0000 · 10.00", "(advice)"):
        assert part in text
    assert "outside limits by 20.00" in text
    with scene.inside():
        limit.floor = 6
        limit.save()
    few = statements(scene.director, QUEUE)
    for _more in range(3):
        in_review(scene)
    assert statements(scene.director, QUEUE) == few <= MOST
    assert order.number not in text_of(scene.buyer.get(QUEUE))


def test_approving_needs_a_reason_and_notifies_the_buyer(scene):
    limited(scene)
    buyer, order = scene.buyer, in_review(scene)
    decide(scene.director, order, "approve", " ")
    assert state_of(scene, order) == "review"
    assert decide(scene.director, order, "approve", "战略客户").url == QUEUE
    assert state_of(scene, order) == "placed"
    with scene.inside():
        entry = AuditEntry.objects.get(action="order.approve")
        assert entry.facts["grounds"] == "战略客户"
        approved({"order_id": str(order.id)}, AT)
        assert Message.objects.filter(party_id=scene.trade.buyer.id, topic="ordering.approved").exists()
    page = reverse("order", args=[order.id])
    assert "战略客户" in text_of(scene.director.get(page))
    assert "战略客户" not in text_of(buyer.get(page))


def test_refusing_needs_a_reason_and_sends_the_order_back(scene):
    limited(scene)
    order = in_review(scene)
    assert said(decide(scene.director, order, "refuse", "")) == ["Write why the order goes back."]
    decide(scene.director, order, "refuse", "低于底价")
    assert state_of(scene, order) == "cancelled"
    assert "低于底价" in text_of(scene.buyer.get(reverse("order", args=[order.id])))


def test_the_manufacturer_decides_on_no_dealers_price(scene, acme):
    with scene.inside():
        dealer = scene.trade.buyer
        member = a_party("member", parent=dealer)
        a_price_list(dealer, dict.fromkeys(scene.trade.products, "5"))
        Limit.objects.create(
            seller=dealer, product=scene.trade.products[0], clause="L", floor="6", action="review"
        )
        order = scene.trade.place(("A", 10), seller_id=dealer.id, buyer_id=member.id)
    assert order.number not in text_of(scene.director.get(QUEUE))
    assert order.number in text_of(scene.buyer.get(QUEUE))
    for decision in ("approve", "refuse"):
        assert decide(scene.director, order, decision, "x").status_code == 403
    key = ApiClient(acme, scene.trade.seller, "director")
    for path in ("approve", "send-back", "confirm"):
        body = {} if path == "confirm" else {"reason": "x"}
        assert key.post(f"orders/{order.id}/{path}", body).status_code == 403
    assert state_of(scene, order) == "review"
    with scene.inside():
        issuer = a_membership(dealer, "owner", a_user()).user
    owner = ApiClient(acme, dealer, "owner", issuer=issuer)
    assert owner.post(f"orders/{order.id}/approve", {}).status_code in (400, 422)
    answer = owner.post(f"orders/{order.id}/approve", {"reason": "熟客"}).json()
    assert "state" in answer, answer
    assert (answer["state"], answer["reasons"]["approved"]) == ("placed", "熟客")
    assert answer["lines"][0]["limits"] == [{"clause": "L", "action": "review", "floor": "6.0000"}]
    theirs = key.get(f"orders/{order.id}").json()
    assert theirs["lines"][0]["limits"] == []
    assert "approved" not in theirs["reasons"]
