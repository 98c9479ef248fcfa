import pytest

from ordering.models import StockMovement
from ordering.operations.reserving import OutOfStock
from ordering.operations.stock_reports import Promised, count_stock, receive_stock
from tests.ordering.trade import AT, ME, a_stocked_trade, all_holds, confirmed


def test_stock_is_counted_received_and_adjusted_once_a_source(in_acme):
    trade = a_stocked_trade()
    for _ in range(2):
        receive_stock(party_id=trade.seller.id, rows=[("A", 20), ("B", -5)], source="grn:1", by=ME, at=AT)
    assert (trade.stock("A").on_hand, trade.stock("B").on_hand) == (120, 95)
    trade.place(("A", 50))
    counted = count_stock(party_id=trade.seller.id, rows=[("A", 60)], source="count:1", by=ME, at=AT)
    assert counted == (1, False)
    assert StockMovement.objects.get(source="count:1").qty == -60
    all_holds()
    with pytest.raises(Promised):
        count_stock(party_id=trade.seller.id, rows=[("A", 49)], source="count:2", by=ME, at=AT)


def test_what_is_reserved_can_ship_and_what_is_not_can_not(in_acme):
    trade = a_stocked_trade()
    order = confirmed(trade, ("A", 100))
    with pytest.raises(OutOfStock):
        trade.place(("A", 1))
    assert order.state == "reserved"
