"""Orders in review are sent back over the API by their seller, with a reason."""

import pytest

from ordering.models import Order
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.ordering.trade import a_trade

pytestmark = pytest.mark.django_db


def test_the_seller_sends_an_order_back_with_a_reason(acme):
    with tenant_active(acme):
        trade = a_trade()
        Limit.objects.create(
            seller=trade.seller, product=trade.products[0], clause="4.2", floor="6", action="review"
        )
        order = trade.place()
        assert order.state == "review"
    path = f"orders/{order.id}/send-back"
    seller, buyer = ApiClient(acme, trade.seller, "director"), ApiClient(acme, trade.buyer, "owner")
    assert buyer.post(path, {"reason": "x"}).status_code == 403
    assert seller.post(path, {"reason": ""}).json()["field"] == "reason"
    answer = seller.post(path, {"reason": "差 1 元"})
    assert (answer.status_code, answer.json()["state"]) == (201, "cancelled")
    with tenant_active(acme):
        assert Order.objects.get(id=order.id).facts["sent_back"]["reason"] == "差 1 元"
