from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.rights import Actor, NotAllowed, the_system
from dealers.queries.traders import UnknownParty
from jobs.models import OutboxMessage
from ledger.models import Book
from ledger.operations.verification import violations
from ledger.queries import balances_of
from ordering.models import Order, OrderLine, Stock, TradeFact
from ordering.operations.placing import (
    CreditExceeded,
    InvalidWindow,
    NoPrice,
    NothingOrdered,
    PriceBlocked,
    QuantityOutOfRange,
    SourceTaken,
    Window,
)
from ordering.operations.reserving import OutOfStock
from ordering.operations.trade_terms import NotInTrade
from ordering.queries.orders import order_facts
from pricing.models import Limit, PriceList
from tenancy.models import new_id
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, a_scheme
from tests.ordering.trade import AT, a_trade


def _balances():
    return balances_of([Book.objects.get().id])[Book.objects.get().id]


def test_a_placed_order_is_priced_reserved_committed_and_told_of(in_acme):
    trade = a_trade()
    order = trade.place(("A", 10), ("B", 3))
    assert (order.state, order.total, order.tax) == ("placed", Decimal("80.03"), Decimal("9.20"))
    assert order.number == "SO260601-D1-1"
    assert (trade.stock("A").soft, trade.stock("B").soft, trade.stock("A").hard) == (10, 3, 0)
    balances = _balances()
    assert (balances["committed"], balances["commitment"]) == (Decimal("80.03"), Decimal("-80.03"))
    facts = TradeFact.objects.values_list("ordered_qty", "ordered_net").order_by("ordered_qty")
    assert list(facts) == [(3, Decimal("26.58")), (10, Decimal("44.25"))]
    assert OutboxMessage.objects.get().body == {"order_id": str(order.id)}
    assert violations() == []


def test_what_is_answered_is_what_is_read_back(in_acme):
    trade = a_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    a_scheme(trade.seller, "step", {"steps": [{"from": "10", "percent_off": "0.1"}]})
    a_scheme(trade.seller, "free_goods", {"buy": 13, "free": 2, "mode": "unit", "gift_sku": "B"})
    order = trade.place(reference="PO 1", note="门口卸货", source="erp:1")
    assert order_facts(order.id) == order


def test_statements_do_not_grow_with_lines(in_acme, django_assert_max_num_queries):
    skus = [f"S{i}" for i in range(60)]
    trade = a_trade(dict.fromkeys(skus, "1.00"))
    trade.place((skus[0], 1))
    for lines in ([(skus[0], 1)], [(sku, 1) for sku in skus]):
        with django_assert_max_num_queries(8):
            trade.place(*lines)


def test_numbers_count_in_the_book_and_never_meet(in_acme):
    trade = a_trade()
    member = a_party("member", parent=trade.buyer, code="M1")
    outlet = a_party("outlet", parent=member, code="O1")
    numbers = [trade.place().number, trade.place().number]
    for seller in (trade.buyer, member):
        numbers.append(
            a_trade({f"X{seller.code}": 1}, seller=seller, buyer=outlet).place((f"X{seller.code}", 1)).number
        )
    assert numbers == ["SO260601-D1-1", "SO260601-D1-2", "SO260601-D1.O1-1", "SO260601-M1.O1-1"]


def test_an_outside_number_is_placed_once(in_acme):
    trade = a_trade()
    first = trade.place(source="erp:1")
    again = trade.place(source="erp:1")
    assert (again.id, again.replayed, first.replayed) == (first.id, True, False)
    with pytest.raises(SourceTaken) as refused:
        trade.place(("A", 99), source="erp:1")
    assert [one["field"] for one in refused.value.details["differs"]] == ["lines[0].qty", "lines"]
    dealer = a_party(parent=trade.seller)
    trade.buyer.parent = dealer
    trade.buyer.kind = "member"
    trade.buyer.save()
    with pytest.raises(SourceTaken):
        trade.place(source="erp:1", seller_id=dealer.id)


def test_short_lines_are_named_with_what_there_is(in_acme):
    trade = a_trade()
    with pytest.raises(OutOfStock) as refused:
        trade.place(("A", 5), ("B", 101))
    assert refused.value.field == "lines[1].qty"
    assert refused.value.details["lines"] == [
        {"field": "lines[1].qty", "sku": "B", "wanted": 101, "available": 100}
    ]


def test_what_has_no_stock_row_is_out_of_stock(in_acme):
    trade = a_trade()
    trade.stock("B").delete()
    with pytest.raises(OutOfStock) as refused:
        trade.place()
    lines: Any = refused.value.details["lines"]
    assert lines[0]["available"] == 0


def test_safety_stock_and_quarantine_are_not_sold(in_acme):
    trade = a_trade()
    stock = trade.stock("A")
    stock.safety, stock.quarantine = 50, 41
    stock.save()
    assert trade.place(("A", 9)).state == "placed"
    with pytest.raises(OutOfStock):
        trade.place(("A", 1))


def test_free_units_and_gifts_are_reserved_too(in_acme):
    trade = a_trade()
    a_scheme(trade.seller, "free_goods", {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"})
    a_scheme(
        trade.seller, "free_goods", {"skus": ["A"], "buy": 10, "free": 2, "mode": "unit", "gift_sku": "B"}
    )
    order = trade.place(("A", 16), ("B", 1))
    assert [(line.sku, line.qty, line.free_qty) for line in order.lines] == [
        ("A", 16, 2),
        ("B", 1, 0),
        ("B", 0, 2),
    ]
    assert (trade.stock("A").soft, trade.stock("B").soft) == (18, 3)
    assert order.lines[2].why["gift"]


def test_a_seller_that_keeps_no_stock_here_needs_none(in_acme):
    assert a_trade(on_hand=None).place().state == "placed"


def test_tax_comes_on_top_where_prices_exclude_it(in_acme):
    trade = a_trade({"A": "10.00"})
    PriceList.objects.update(tax_included=False)
    order = trade.place(("A", 10))
    amounts = (order.total, order.tax, order.lines[0].net, order.subtotal - order.discount)
    assert amounts == (Decimal("113.00"), Decimal("13.00"), Decimal("100.00"), Decimal("113.00"))
    assert order_facts(order.id) == order


def test_a_basket_of_lists_with_and_without_tax_is_taxed_line_by_line(in_acme):
    trade = a_trade({"A": "10.00"})
    net_priced = a_product("N")
    a_price_list(trade.seller, {net_priced: "10.00"}, tax_included=False)
    Stock.objects.create(party=trade.seller, product=net_priced, on_hand=100)
    order = trade.place(("A", 10), ("N", 10))
    amounts = [(line.net, line.tax, line.amount) for line in order.lines]
    assert amounts == [
        (Decimal("88.50"), Decimal("11.50"), Decimal("100.00")),
        (Decimal("100.00"), Decimal("13.00"), Decimal("113.00")),
    ]
    assert (order.total, order.tax) == (Decimal("213.00"), Decimal("24.50"))
    assert [line.why.get("tax_included", True) for line in order.lines] == [True, False]


def test_without_a_price_an_order_is_refused(in_acme):
    trade = a_trade()
    a_product("C")
    with pytest.raises(NoPrice) as refused:
        trade.place(("A", 1), ("C", 1))
    assert refused.value.field == "lines[1].sku"


def _limit(trade, action):
    Limit.objects.create(
        seller=trade.seller, product=trade.products[0], clause="4.2", floor="6", action=action
    )


def test_a_blocked_price_is_refused_with_its_clause(in_acme):
    trade = a_trade()
    _limit(trade, "block")
    with pytest.raises(PriceBlocked, match=r"4\.2") as refused:
        trade.place()
    assert refused.value.details["lines"] == [{"field": "lines[0]", "sku": "A", "clauses": ["4.2"]}]


def test_a_price_to_review_waits_and_takes_nothing(in_acme):
    trade = a_trade()
    _limit(trade, "review")
    order = trade.place()
    assert (order.state, order.lines[0].why["clauses"]) == ("review", ["4.2"])
    assert (trade.stock("A").soft, _balances()["committed"]) == (0, 0)
    assert not TradeFact.objects.exists()
    assert order_facts(order.id) == order
    assert trade.place(accept_review=True).state == "placed"


def _limited(trade, **given):
    trade.place(("A", 1))
    Book.objects.update(**given)


def test_beyond_the_limit_an_order_is_held_and_takes_nothing(in_acme):
    trade = a_trade()
    _limited(trade, credit_limit="85.03")
    assert trade.place().state == "placed"
    held = trade.place(("A", 1))
    assert (held.state, held.facts["credit"]["reasons"], held.open_amount) == ("held", ["over_limit"], 0)
    assert trade.stock("A").soft == 11
    with pytest.raises(CreditExceeded):
        trade.place(("A", 1), hold=False)


def test_a_horizon_leaves_out_what_is_due_later(in_acme):
    trade = a_trade()
    _limited(trade, credit_limit="81.00", horizon_days=10)
    assert [trade.place().state for _ in range(2)] == ["placed", "placed"]
    Book.objects.update(horizon_days=30)
    assert trade.place().state == "held"


def test_old_debt_holds_an_order_whatever_the_headroom(in_acme):
    from ledger.operations.posting import post

    trade = a_trade()
    _limited(trade, max_overdue_days=10)
    post(
        book_id=Book.objects.get().id,
        kind="sale",
        source="s",
        at=AT,
        due_on=AT.date() - timedelta(days=11),
        lines=[("receivable", Decimal(1)), ("sales", Decimal(-1))],
    )
    assert trade.place().facts["credit"]["reasons"] == ["overdue"]
    Book.objects.update(max_overdue_days=11)
    assert trade.place().state == "placed"


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"lines": []}, NothingOrdered, "lines"),
        ({"lines": [("A", 0)]}, QuantityOutOfRange, "lines[0].qty"),
        ({"lines": [("A", 2_000_000_000)]}, QuantityOutOfRange, "lines[0].qty"),
        ({"kind": "gift"}, NothingOrdered, "kind"),
        ({"kind": "presale"}, InvalidWindow, "window"),
        ({"window": Window(AT + timedelta(days=2), AT + timedelta(days=1))}, InvalidWindow, "window.until"),
        ({"window": Window(AT - timedelta(days=2), AT - timedelta(days=1))}, InvalidWindow, "window.until"),
        ({"buyer_id": new_id()}, UnknownParty, "buyer"),
    ],
)
def test_what_is_no_order_is_refused(in_acme, given, refusal, field):
    trade = a_trade()
    with pytest.raises(refusal) as refused:
        trade.place(**given)
    assert refused.value.field == field


def test_a_members_rep_takes_a_presale_order_at_an_outlet(in_acme):
    dealer = a_party(parent=a_manufacturer(), code="D1")
    member = a_party("member", parent=dealer, code="M1")
    outlet = a_party("outlet", parent=member, code="O1")
    rep = Actor(party_id=member.id, party_kind="member", role="sales_rep")
    window = Window(AT + timedelta(days=2), AT + timedelta(days=3))
    for seller, sku in ((member, "S1"), (dealer, "S2")):
        trade = a_trade({sku: "3.00"}, seller=seller, buyer=outlet)
        order = trade.place((sku, 5), by=rep, kind="presale", window=window)
        assert (order.kind, order.window_from) == ("presale", window.start)


def test_who_may_place_for_whom(in_acme):
    trade = a_trade()
    buyer, stranger = trade.buyer, a_party(parent=trade.seller)
    assert trade.place(by=Actor(buyer.id, "dealer", "purchaser")).state == "placed"
    assert trade.place(by=Actor(trade.seller.id, "manufacturer", "sales_rep")).state == "placed"
    with pytest.raises(NotAllowed):
        trade.place(by=Actor(buyer.id, "dealer", "finance"))
    with pytest.raises(UnknownParty):
        trade.place(by=Actor(stranger.id, "dealer", "owner"))


def test_a_dealer_orders_from_its_own_suppliers_only(in_acme):
    trade = a_trade()
    other = a_party(parent=trade.seller)
    member = a_party("member", parent=other)
    with pytest.raises(UnknownParty):
        trade.place(seller_id=trade.buyer.id, buyer_id=member.id, by=Actor(trade.buyer.id, "dealer", "owner"))


def test_goods_do_not_flow_upwards(in_acme):
    trade = a_trade()
    with pytest.raises(NotInTrade):
        trade.place(seller_id=trade.buyer.id, buyer_id=trade.seller.id)


def test_who_is_not_active_does_not_trade(in_acme):
    trade = a_trade()
    trade.buyer.is_active = False
    trade.buyer.save()
    with pytest.raises(NotInTrade):
        trade.place(by=the_system())


def test_an_order_keeps_its_reasons(in_acme):
    trade = a_trade()
    a_scheme(trade.seller, "step", {"steps": [{"from": "10", "percent_off": "0.1"}]}, code="JX")
    order = trade.place()
    assert order.lines[0].why["schemes"] == [{"code": "JX", "saved": "5.00"}]
    assert order.facts["schemes"][0]["code"] == "JX"
    assert (Order.objects.count(), OrderLine.objects.count()) == (1, 2)


def test_the_largest_real_order_takes_no_more_statements(in_acme, django_assert_max_num_queries):
    skus = [f"S{i}" for i in range(1114)]
    trade = a_trade(dict.fromkeys(skus, "1.99"))
    a_scheme(trade.seller, "step", {"steps": [{"from": "10", "percent_off": "0.1"}]})
    trade.place((skus[0], 1))
    with django_assert_max_num_queries(8):
        trade.place(*[(sku, 7) for sku in skus])
