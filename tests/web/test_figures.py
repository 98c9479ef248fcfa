from datetime import date
from decimal import Decimal

import pytest

from config.facts.trade import delivered_by_month
from ordering.models import TradeFact
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 7, 31), date(2026, 9, 15)])
def test_the_line_shows_six_months_and_the_running_one(in_acme, today):
    seller, buyer, product = make.a_manufacturer(), make.a_party(), make.a_product()
    for month in range(1, 13):
        for year in (2025, 2026):
            make.a_fact(seller, buyer, product, date(year, month, 1), delivered_net="5", returned_net="2")
    shown = delivered_by_month(TradeFact.objects.all(), today=today)
    assert len(shown) == 7
    assert shown[-1] == (today.replace(day=1), Decimal(3))
