"""Orders at the same moment share what a temporary credit adds: none is placed beyond it."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from ledger.models import Book
from ledger.operations.temporary_credit import grant_temporary_credit
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.ordering.operations.test_many_at_once import together
from tests.ordering.trade import AT, ME, a_trade

ORDERS = 32


@pytest.fixture
def acme_id(committed):
    return Tenant.objects.get(slug="acme").id


def test_thirty_two_orders_want_the_twenty_one_units_of_a_temporary_credit(acme_id):
    with tenant_active(acme_id):
        trade = a_trade(on_hand=1000)
        trade.place(("A", 1))
        Book.objects.update(credit_limit=Decimal("60.00"))
        today, now = timezone.localdate(), timezone.now()
        grant_temporary_credit(
            book_id=Book.objects.get().id,
            amount=Decimal(50),
            starts_on=min(AT.date(), today),
            until=today + timedelta(days=7),
            reason="festival",
            by=ME,
            at=now,
        )

    def place(_number: int) -> str:
        with tenant_active(acme_id):
            return trade.place(("A", 1)).state

    assert Counter(together(place, ORDERS)) == {"placed": 21, "held": ORDERS - 21}
