"""The seller grants and ends a temporary credit on the screen and through the API."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.models import Approval
from ledger.models import TemporaryCredit
from ledger.operations.books import open_book
from tests.api_client import ApiClient
from tests.factories import a_party
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def book(scene):
    with scene.inside():
        member = a_party("member", parent=scene.trade.buyer)
        return open_book(seller_id=scene.trade.buyer.id, buyer_id=member.id)


def test_a_dealer_grants_and_ends_it_on_the_screen(scene, book):
    url, today = reverse("book-temporary-credits", args=[book]), timezone.localdate()
    form = {
        "amount": "5,000",
        "starts_on": today.isoformat(),
        "until": today.isoformat(),
        "reason": "festival",
    }
    assert scene.buyer.post(url, form).status_code == 302
    with scene.inside():
        row = TemporaryCredit.objects.get()
        assert row.until == today + timedelta(days=1)
    assert "5,000.00" in text_of(scene.buyer.get(url))
    assert scene.buyer.post(url, form | {"reason": ""}).status_code == 422
    assert scene.director.post(url, form).status_code == 404
    assert scene.other.get(url).status_code == 404
    assert scene.buyer.post(reverse("temporary-credit-end", args=[row.id])).status_code == 302
    with scene.inside():
        assert TemporaryCredit.objects.get().ended_at is not None


def test_the_api_grants_lists_and_ends_it(acme, scene, book):
    today = timezone.localdate()
    client = ApiClient(acme, scene.trade.buyer, "owner")
    body = {
        "book": str(book),
        "amount": "100.00",
        "starts_on": today.isoformat(),
        "until": (today + timedelta(days=3)).isoformat(),
        "reason": "festival",
    }
    made = client.post("ledger/temporary-credits", body)
    assert made.status_code == 201, made.content
    (row,) = client.get("ledger/temporary-credits").json()["results"]
    assert (row["amount"], row["ended_at"]) == ("100.00", None)
    ended = client.post(f"ledger/temporary-credits/{row['id']}/end", {})
    assert (ended.status_code, ended.json()["ended_at"] is None) == (201, False)
    assert client.post("ledger/temporary-credits", body | {"book": "x"}).status_code == 422


def test_the_manufacturers_needs_a_second_person(scene):
    with scene.inside():
        book = open_book(seller_id=scene.trade.seller.id, buyer_id=scene.trade.buyer.id)
    scene.as_("finance")
    today = timezone.localdate().isoformat()
    form = {"amount": "5000", "starts_on": today, "until": today, "reason": "festival"}
    assert scene.director.post(reverse("book-temporary-credits", args=[book]), form).status_code == 302
    with scene.inside():
        assert Approval.objects.get().kind == "ledger.temporary_credit"
        assert not TemporaryCredit.objects.exists()
