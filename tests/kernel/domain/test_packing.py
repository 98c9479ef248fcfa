"""Quantities in cases and the remainder, and back."""

import pytest

from kernel.quantities import Packing

POT = Packing("桶", (("箱", 12),))
BOTTLE = Packing("瓶", (("提", 6), ("托", 480), ("箱", 24), ("个", 1)))


@pytest.mark.parametrize(
    ("packing", "qty", "parts"),
    [
        (POT, 63, [(5, "箱"), (3, "桶")]),
        (POT, 60, [(5, "箱")]),
        (POT, 3, [(3, "桶")]),
        (POT, 0, [(0, "桶")]),
        (Packing("袋"), 7, [(7, "袋")]),
        (BOTTLE, 511, [(1, "托"), (1, "箱"), (1, "提"), (1, "瓶")]),
    ],
)
def test_a_quantity_is_split_into_the_largest_units(packing, qty, parts):
    assert packing.parts(qty) == parts
    assert packing.base_units(parts) == qty


def test_a_part_without_a_unit_counts_base_units_and_an_unknown_unit_is_none():
    assert POT.base_units([(7, "")]) == 7
    with pytest.raises(KeyError):
        POT.base_units([(1, "托")])


def test_units_may_be_typed_in_english():
    assert POT.base_units([(5, "cases"), (3, "Pail")]) == 63
    assert BOTTLE.base_units([(1, "case"), (2, "bottles")]) == 26


def test_a_tenants_own_english_words_name_its_units():
    packing = Packing("提桶", (("箱", 4),), (("drum", "提桶"), ("crates", "箱"), ("sack", "袋")))
    assert [packing.factor_of(unit) for unit in ("drum", "Crates", "cases", "")] == [1, 4, 4, 1]
    with pytest.raises(KeyError):
        packing.factor_of("sack")
