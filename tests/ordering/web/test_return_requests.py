"""The buyer asks that goods be taken back; the seller decides once."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.rights import NotAllowed
from kernel.refusals import Refusal
from ledger.operations.verification import violations
from ordering.models import Return, ReturnRequest
from ordering.operations.locking import WrongState
from ordering.operations.return_requests import (
    AlreadyRequested,
    NoReason,
    accept_return,
    decline_return,
    request_return,
)
from ordering.operations.returns import ReturnPart
from tests.factories import an_actor
from tests.ordering.trade import confirmed, delivered
from tests.scene import Scene, said, text_of

pytestmark = pytest.mark.django_db


@contextmanager
def refused(refusal):
    """As a request would: what was begun is rolled back."""
    with pytest.raises(refusal), transaction.atomic():
        yield


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def order(scene):
    return scene.order(delivered)


def ask(scene, order, **given):
    actor = an_actor(scene.trade.buyer)
    facts = {"order_id": order.id, "lines": [ReturnPart(1, 2)], "reason": "leaks"}
    return request_return(**facts | {"by": actor, "at": timezone.now()} | given)


def request_of(scene):
    with scene.inside():
        return ReturnRequest.objects.get()


def test_the_buyer_asks_and_the_seller_takes_back(scene, order):
    page = scene.buyer.post(reverse("return-new", args=[order.id]), {"qty-1": "2", "reason": "leaks"})
    assert said(page) == ["The return is requested; the seller decides."]
    asked = request_of(scene)
    with scene.inside():
        assert not Return.objects.exists()
    told = text_of(scene.director.get(reverse("order", args=[order.id])))
    assert "Return requested" in told
    assert "leaks" in told
    decide = reverse("return-decide", args=[asked.id])
    assert said(scene.director.post(decide, {"decision": "accept"})) == ["The return is posted and credited."]
    asked = request_of(scene)
    with scene.inside():
        assert (asked.state, asked.made_id) == ("accepted", Return.objects.get().id)
        assert violations() == []


def test_the_seller_declines_and_says_why(scene, order):
    with scene.inside():
        asked = ask(scene, order)
    decide = reverse("return-decide", args=[asked.id])
    scene.director.post(decide, {"decision": "decline", "answer": " "})
    assert request_of(scene).state == "asked"
    scene.director.post(decide, {"decision": "decline", "answer": "opened bottles"})
    assert request_of(scene).state == "declined"
    assert "opened bottles" in text_of(scene.buyer.get(reverse("order", args=[order.id])))
    with scene.inside():
        assert not Return.objects.exists()


def test_the_buyer_and_a_stranger_decide_nothing(scene, order):
    with scene.inside():
        asked = ask(scene, order)
    decide = reverse("return-decide", args=[asked.id])
    refused = scene.buyer.post(decide, {"decision": "accept"})
    assert (refused.status_code, "for the seller of the order" in text_of(refused)) == (403, True)
    assert scene.other.post(decide, {"decision": "accept"}).status_code == 404
    assert request_of(scene).state == "asked"


def test_it_is_asked_once_at_a_time(scene, order):
    with scene.inside():
        first = ask(scene, order)
        with refused(AlreadyRequested):
            ask(scene, order)
        decline_return(request_id=first.id, answer="no", by=an_actor(scene.trade.seller), at=timezone.now())
        assert ask(scene, order).state == "asked"


def test_it_is_decided_once(scene, order):
    with scene.inside():
        asked, seller = ask(scene, order), an_actor(scene.trade.seller)
        accept_return(request_id=asked.id, by=seller, at=timezone.now())
        with refused(WrongState):
            accept_return(request_id=asked.id, by=seller, at=timezone.now())
        with refused(WrongState):
            decline_return(request_id=asked.id, answer="no", by=seller, at=timezone.now())
        assert Return.objects.count() == 1


def test_who_asks_and_who_decides(scene, order):
    with scene.inside():
        with refused(NotAllowed):
            ask(scene, order, by=an_actor(scene.trade.buyer, "finance"))
        with refused(Refusal):
            ask(scene, order, by=an_actor(scene.stranger))
        asked = ask(scene, order)
        for actor in (an_actor(scene.trade.buyer), an_actor(scene.stranger)):
            with refused(Refusal):
                accept_return(request_id=asked.id, by=actor, at=timezone.now())
            with refused(Refusal):
                decline_return(request_id=asked.id, answer="no", by=actor, at=timezone.now())
        assert ReturnRequest.objects.get().state == "asked"


@pytest.mark.parametrize("line", [ReturnPart(1, 11), ReturnPart(9, 1), ReturnPart(1, -1), ReturnPart(1, 0)])
def test_only_what_was_delivered_is_asked_back(scene, order, line):
    with scene.inside(), refused(Refusal):
        ask(scene, order, lines=[line])


def test_nothing_is_asked_back_without_a_reason_or_a_delivery(scene, order):
    with scene.inside(), refused(NoReason):
        ask(scene, order, reason="  ")
    waiting = scene.order(confirmed)
    with scene.inside(), refused(WrongState):
        ask(scene, waiting)
