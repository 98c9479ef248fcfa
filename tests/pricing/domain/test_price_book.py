"""The prices of a product by quantity, against the rule that chooses the price of one quantity."""

from datetime import date
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from pricing.domain.audience import EVERYONE, Audience, Buyer
from pricing.domain.base_price import PriceBook, PriceEntry, PriceList
from pricing.domain.price_book import price_breaks
from pricing.domain.schemes import Scheme, SpecialPrice

ON = date(2026, 6, 1)
BUYER = Buyer("D-1", level="dealer")


def book(*lists):
    return PriceBook(lists, BUYER, ON)


def a_list(code, *entries, audience=EVERYONE, priority=0):
    rows = [PriceEntry("A", Decimal(price), 1, least) for price, least in entries]
    return PriceList(code, audience, rows, priority)


def breaks(*lists, schemes=()):
    found = price_breaks(book(*lists).candidates("A"), schemes)
    return [(one.from_qty, one.price_list, one.unit_price) for one in found]


def test_a_product_without_a_price_has_no_breaks():
    assert breaks() == []


def test_a_narrower_list_sets_the_prices_of_its_quantities_and_the_next_one_those_below():
    narrow = a_list("OURS", ("8", 100), ("7", 200), audience=Audience("party", "D-1"))
    assert breaks(narrow, a_list("ALL", ("10", 0), ("9", 50), ("1", 150))) == [
        (1, "ALL", 10),
        (50, "ALL", 9),
        (100, "OURS", 8),
        (200, "OURS", 7),
    ]


def test_a_special_price_replaces_a_higher_price_only():
    special = SpecialPrice(code="S", price=Decimal("8.5"))
    found = price_breaks(
        book(a_list("ALL", ("10", 0), ("8", 50))).candidates("A"), [special, Scheme(code="T")]
    )
    assert [(one.base_price, one.unit_price) for one in found] == [(10, Decimal("8.5")), (8, 8)]


LISTS = st.lists(
    st.tuples(
        st.sampled_from([EVERYONE, Audience("party", "D-1"), Audience("level", "dealer")]),
        st.integers(0, 2),
        st.lists(st.tuples(st.integers(1, 99), st.integers(0, 12)), max_size=4, unique_by=lambda one: one[1]),
    ),
    max_size=5,
)


@given(LISTS, st.integers(1, 14))
@example([(EVERYONE, 0, [(1, 0), (2, 1)])], 1)
def test_the_break_that_holds_for_a_quantity_is_the_price_that_is_chosen(given_lists, qty):
    lists = [
        a_list(f"L{n}", *entries, audience=audience, priority=priority)
        for n, (audience, priority, entries) in enumerate(given_lists)
    ]
    prices = book(*lists)
    chosen = prices.choose("A", qty)
    holding = [one for one in price_breaks(prices.candidates("A")) if one.from_qty <= qty]
    found = holding[-1] if holding else None
    assert (found and (found.price_list, found.base_price)) == (
        chosen and (chosen.price_list.code, chosen.entry.price)
    )
