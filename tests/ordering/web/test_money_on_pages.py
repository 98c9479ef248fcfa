"""What an order is worth, and a buyer's credit, is shown to whoever may see it and to nobody else."""

import pytest
from django.urls import reverse

from ledger.models import Book
from ledger.operations.books import open_books
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party
from tests.ordering.trade import a_trade
from tests.people import a_membership, signed_in

pytestmark = pytest.mark.django_db


def text_of(membership, name, **kwargs):
    return signed_in(membership).get(reverse(name, kwargs=kwargs)).content.decode()


@pytest.fixture
def held(acme):
    with tenant_active(acme):
        trade = a_trade({"A": "5.00"}, on_hand=1000)
        pair = (trade.seller.id, trade.buyer.id)
        Book.objects.filter(id=open_books([pair])[pair]).update(credit_limit=20)
        trade.order = trade.place(("A", 10), hold=True)
        assert trade.order.state == "held"
        trade.people = {role: a_membership(trade.buyer, role) for role in ("owner", "purchaser", "warehouse")}
    return trade


def test_the_page_of_a_placed_order_tells_the_warehouse_no_price(held):
    assert "50.00" in text_of(held.people["owner"], "order-placed", order_id=held.order.id)
    assert "50.00" not in text_of(held.people["warehouse"], "order-placed", order_id=held.order.id)


def test_how_much_credit_is_missing_is_told_to_who_sees_accounts(held):
    assert "30.00" in text_of(held.people["owner"], "order-placed", order_id=held.order.id)
    assert "30.00" not in text_of(held.people["purchaser"], "order-placed", order_id=held.order.id)


def test_an_outlets_orders_tell_the_warehouse_no_price(acme):
    with tenant_active(acme):
        dealer = a_party("dealer", parent=a_manufacturer())
        trade = a_trade({"A": "5.00"}, seller=dealer, buyer=a_party("outlet", parent=dealer))
        trade.place(("A", 10))
        people = [a_membership(trade.seller, role) for role in ("owner", "warehouse")]
    texts = [text_of(one, "presale-outlet", outlet_id=trade.buyer.id) for one in people]
    assert ["50.00" in text for text in texts] == [True, False]


def test_the_quick_order_tells_who_sees_no_accounts_that_it_will_be_held_and_no_figure_of_it(held):
    pages = {}
    for role in ("owner", "purchaser"):
        client = signed_in(held.people[role])
        client.post(reverse("order-new-price"), {"action": "paste", "pasted": "A 7"})
        pages[role] = client.get(reverse("order-new")).content.decode()
    assert all("tp-holds" in page for page in pages.values())
    assert ["20.00" in pages[role] for role in ("owner", "purchaser")] == [True, False]
