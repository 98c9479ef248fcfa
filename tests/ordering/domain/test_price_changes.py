"""What changed in a draft since it was filled, and the prices that were set by hand."""

from decimal import Decimal
from uuid import UUID

import pytest

from ordering.domain.price_overrides import (
    PriceOverride,
    difference_of,
    list_price_of,
    override_of,
)
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct, merge_lines
from ordering.domain.quick_order.changes import (
    Changes,
    Filled,
    FilledLine,
    changes_since,
    filled_now,
    filled_of,
)
from ordering.domain.quick_order.edits import DraftEdit, PostedRow, apply_edit
from ordering.domain.quick_order.sheet_rows import SheetRow
from pricing.domain.audience import EVERYONE
from pricing.domain.base_price import Candidate, PriceEntry, PriceList
from pricing.domain.manual_price import ManualPrice
from pricing.domain.quote import QuotedLine

PRODUCT = SheetProduct(UUID(int=1), "A", "Soy", "瓶", "active", (("箱", 12),))
OVERRIDE = PriceOverride(Decimal("96"), 12, "first order", "", "Li", "2026-06-01T08:00:00+08:00")


def found(price, per=1):
    return Candidate(0, (0, 0), PriceList("L", EVERYONE, []), PriceEntry("A", Decimal(price), per))


def a_row(units=24, state="ok", manual=None, unit="箱"):
    quoted = QuotedLine("A", units, "ok", "L", manual=manual)
    return SheetRow(1, PRODUCT, units // 12, unit, units, state, quoted, 0, None)


def changed(filled, row, price, in_force=()):
    return changes_since(filled, [row], lambda _sku, _qty: price and found(price), in_force)


FILLED = Filled({"A": FilledLine(24, Decimal("5"))}, {"S": Decimal("3.00")})


def test_a_price_that_rose_is_named_with_both_prices_of_the_unit():
    changes = changed(FILLED, a_row(), "5.5", {"S"})
    (one,) = changes.prices
    assert (one.before, one.now, one.rises) == (60, 66, True)
    assert (changes.rise, changes.ended, bool(changes)) == (Decimal("12.00"), (), True)


def test_a_price_that_fell_and_an_ended_scheme_are_weighed():
    changes = changed(FILLED, a_row(), "4.9")
    assert not changes.prices[0].rises
    assert (changes.ended[0].code, changes.rise) == ("S", Decimal("0.60"))


@pytest.mark.parametrize("state", ["no_price", "unavailable", "block"])
def test_goods_that_can_no_longer_be_ordered_are_named(state):
    changes = changed(FILLED, a_row(state=state), None, {"S"})
    assert (len(changes.gone), changes.prices, changes.rise) == (1, (), 0)


def test_a_line_that_waits_for_stock_does_not_count_in_the_rise():
    changes = changed(FILLED, a_row(state="short"), "6", {"S"})
    assert (len(changes.prices), changes.rise) == (1, 0)


@pytest.mark.parametrize(
    ("filled", "row", "price"),
    [
        (Filled(), a_row(), "9"),
        (Filled({"A": FilledLine(24, None)}), a_row(), "9"),
        (Filled({"A": FilledLine(24, Decimal("5"))}), a_row(manual=ManualPrice(Decimal(1))), "9"),
        (Filled({"A": FilledLine(24, Decimal("5"))}), a_row(), "5.00"),
        (Filled({"A": FilledLine(24, Decimal("60"), 12)}), a_row(), "5"),
        (Filled({"A": FilledLine(24, Decimal("5"))}), a_row(), None),
    ],
)
def test_what_is_not_comparable_or_equal_is_no_change(filled, row, price):
    assert changed(filled, row, price) == Changes()


def stored(filled, row, price, in_force=("S",), applied=()):
    def choose(_sku, _qty):
        return price and found(price)

    return filled_now(filled, [row], choose, in_force, dict(applied))


def test_a_new_line_is_stored_at_its_price_and_a_changed_one_stays_until_it_is_accepted():
    assert stored(Filled(), a_row(), "5").lines == {"A": FilledLine(24, Decimal("5"))}
    assert stored(FILLED, a_row(units=48), "5.5").lines == FILLED.lines
    assert stored(FILLED, a_row(units=48), "5").lines == {"A": FilledLine(48, Decimal("5"))}
    assert stored(FILLED, a_row(state="block"), "5").lines == FILLED.lines
    assert stored(FILLED, a_row(), None).lines == FILLED.lines
    assert stored(Filled(), a_row(state="no_price"), None).lines == {"A": FilledLine(24, None)}
    assert stored(Filled({"A": FilledLine(24, None)}), a_row(), "5").lines["A"].price == 5
    by_hand = a_row(manual=ManualPrice(Decimal(1)))
    assert stored(FILLED, by_hand, "7").lines == {"A": FilledLine(24, Decimal("7"))}


def test_ended_schemes_stay_and_applied_ones_are_stored():
    after = stored(FILLED, a_row(), "5", in_force=(), applied=[("T", Decimal("2"))])
    assert after.schemes == {"S": Decimal("3.00"), "T": Decimal("2")}
    assert stored(FILLED, a_row(), "5").schemes == {}
    again = filled_of(after.as_json())
    assert again == after
    assert filled_of({}) == Filled()
    nothing = Filled({"A": FilledLine(1, None)})
    assert filled_of(nothing.as_json()) == nothing


def test_a_manual_price_survives_a_change_of_quantity_unit_and_merging():
    line = CartLine("A", 2, "箱", OVERRIDE)
    for edit in (
        DraftEdit(rows=[PostedRow("A", "7", "")]),
        DraftEdit(action="set", sku="A", count=9),
        DraftEdit(action="more", sku="A", count=1),
    ):
        (after,), _problems = apply_edit([line], edit)
        assert after.override == OVERRIDE
        assert after.qty in (7, 9, 3)
    merged, _problems = merge_lines([line], [CartLine("A", 5)], {"A": PRODUCT})
    assert merged == [CartLine("A", 29, "", OVERRIDE)]


def test_a_manual_price_is_stored_and_compared_with_the_list():
    assert override_of(OVERRIDE.as_json()) == OVERRIDE
    assert (override_of(None), override_of({})) == (None, None)
    assert (OVERRIDE.manual, OVERRIDE.price_of(1)) == (ManualPrice(Decimal(96), 12), Decimal("8.0000"))
    assert list_price_of(found("9"), 12) == Decimal("108.0000")
    assert list_price_of(None, 12) is None
    assert difference_of(Decimal(96), Decimal(108), per=12, qty=30) == Decimal("-30.00")
    assert difference_of(Decimal(96), None, per=12, qty=30) is None
