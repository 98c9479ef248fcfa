"""A delivery slip through the API: uploaded and read in base64."""

from __future__ import annotations

from base64 import b64encode

import pytest
from django.utils import timezone

from ordering.operations.shipping import ship
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.ordering.domain.test_delivery_slips import JPEG
from tests.ordering.trade import ME, a_trade, confirmed

pytestmark = pytest.mark.django_db


def test_a_slip_is_read_as_it_was_uploaded_by_both_sides_only(acme):
    with tenant_active(acme):
        trade = a_trade()
        shipment = ship(order_id=confirmed(trade).id, by=ME, at=timezone.now())
        parties = trade.seller, trade.buyer
    seller, buyer = (
        ApiClient(acme, party, role) for party, role in zip(parties, ("director", "owner"), strict=True)
    )
    content = b64encode(JPEG).decode()
    made = seller.post(f"shipments/{shipment.id}/slips", {"file_name": "slip.jpg", "content": content})
    assert made.status_code == 201
    for side in (seller, buyer):
        found = side.get(f"delivery-slips/{made.json()['id']}").json()
        assert (found["content"], found["media_type"]) == (content, "image/jpeg")
    assert buyer.get("delivery-slips/01a202b2-15e4-70c4-b3dd-83b7e88524b5").status_code == 404
