"""A line's money in parts: each unit at its price, the parts together the line."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kernel.money import from_cents, taxed
from ordering.operations.cancelling import cancel_order
from ordering.operations.proration import split
from ordering.operations.shipping import ship
from ordering.queries.orders import LineFacts
from tenancy.models import new_id
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, all_holds, confirmed

RATES = st.sampled_from([Decimal(rate) for rate in ("0", "0.03", "0.09", "0.13", "0.5")])


def a_line(cents: int, qty: int, rate: Decimal, *, tax_in_price: bool) -> LineFacts:
    money = taxed(from_cents(cents), rate, tax_in_price=tax_in_price)
    one = Decimal(1)
    return LineFacts(
        new_id(),
        1,
        new_id(),
        "A",
        "A",
        qty,
        0,
        1,
        one,
        one,
        one,
        Decimal(0),
        money.gross,
        rate,
        money.net,
        money.tax,
        "",
        {},
    )


@given(st.integers(0, 500), st.integers(1, 40), RATES, st.booleans(), st.lists(st.integers(0, 40)))
def test_the_parts_of_a_line_are_the_line_and_none_is_negative(cents, qty, rate, tax_in_price, cuts):
    line = a_line(cents, qty, rate, tax_in_price=tax_in_price)
    places = sorted({0, qty, *(cut for cut in cuts if cut < qty)})
    parts = [split(line, before, now) for before, now in pairwise(places)]
    assert (sum(net for net, _ in parts), sum(tax for _, tax in parts)) == (line.net, line.tax)
    assert all(net >= 0 and tax >= 0 for net, tax in parts)


@given(st.integers(1, 500), st.integers(1, 40), RATES, st.booleans(), st.data())
def test_units_at_whole_cents_cost_their_price_in_every_part(price, qty, rate, tax_in_price, data):
    line = a_line(price * qty, qty, rate, tax_in_price=tax_in_price)
    before = data.draw(st.integers(0, qty))
    now = data.draw(st.integers(before, qty))
    net, tax = split(line, before, now)
    if line.net * 100 >= qty:
        assert (net + tax if tax_in_price else net) == from_cents(price * (now - before))


def test_one_of_eight_at_five_is_shipped_for_five(in_acme):
    order = confirmed(a_stocked_trade(), ("A", 8))
    assert ship(order_id=order.id, lines=[(1, 1)], by=ME, at=AT).amount == Decimal("5.00")
    cancel_order(order_id=order.id, by=ME, at=LATER)
    all_holds()
