"""The seller sets the credit terms of its buyers; nobody else does."""

import pytest
from django.urls import reverse

from jobs.models import OutboxMessage
from ledger.models import Book
from ledger.operations.books import open_book
from tests.factories import a_party
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db
TERMS = {"credit_limit": "50,000", "payment_days": "45", "max_overdue_days": "", "horizon_days": "30"}


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.fixture
def book(scene):
    """The account of a member with the dealer that sells to it."""
    with scene.inside():
        member = a_party("member", parent=scene.trade.buyer)
        return open_book(seller_id=scene.trade.buyer.id, buyer_id=member.id)


def url(book):
    return reverse("book-credit", args=[book])


def test_a_dealer_sets_the_credit_of_its_member(scene, book):
    version = scene.buyer.get(url(book)).context["version"]
    assert scene.buyer.post(url(book), TERMS | {"version": version}).url == reverse("book", args=[book])
    with scene.inside():
        stored = Book.objects.get(id=book)
        assert (stored.credit_limit, stored.payment_days, stored.horizon_days) == (50000, 45, 30)
        assert stored.max_overdue_days is None
        assert OutboxMessage.objects.filter(topic="ledger.credit_changed").exists()
    later = scene.buyer.post(url(book), TERMS | {"version": version, "credit_limit": "1"})
    assert later.status_code == 200
    assert "Someone else changed this meanwhile" in text_of(later)


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"credit_limit": "1,5"}, "more than one meaning"), ({"payment_days": ""}, "required")],
)
def test_wrong_terms_are_refused(scene, book, changed, message):
    page = scene.buyer.post(url(book), TERMS | changed)
    assert page.status_code == 422
    assert message in text_of(page)


def test_only_the_seller_sets_them_and_records_payments(scene, book):
    assert scene.director.get(url(book)).status_code == 404
    assert scene.other.get(url(book)).status_code == 404
    assert scene.as_("purchaser", scene.trade.buyer).get(url(book)).status_code == 403
    paid = {"what": "payment", "amount": "10", "voucher": "V-1"}
    account = reverse("book", args=[book])
    assert scene.director.post(account, paid).status_code == 404
    assert scene.buyer.post(account, paid).status_code == 302
    own = open_account_with_the_manufacturer(scene)
    assert url(own) not in scene.buyer.get(reverse("book", args=[own])).content.decode()


def open_account_with_the_manufacturer(scene):
    with scene.inside():
        return open_book(seller_id=scene.trade.seller.id, buyer_id=scene.trade.buyer.id)
