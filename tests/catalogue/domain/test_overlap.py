from decimal import Decimal

import pytest

from catalogue.domain.overlap import Ware, dice, overlaps, same_class


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("金标生抽", "金标生抽", 1.0),
        ("ab cd", "ABCD", 1.0),
        ("生抽", "蚝油", 0.0),
        ("油", "油", 1.0),
        ("", "", 0.0),
    ],
)
def test_likeness_of_names(one, other, likeness):
    assert dice(one, other) == likeness


def test_similar_names_come_first_and_others_not_at_all():
    pack = frozenset({"瓶", "箱×12"})
    planned = Ware("N", "金标生抽500ml", pack)
    on_sale = [
        Ware("C", "蚝油", pack),
        Ware("B", "金标生抽900ml", frozenset({"瓶"})),
        Ware("A", "金标生抽500ml", pack),
    ]
    found = overlaps(planned, on_sale)
    assert [(one.sku, one.has_same_pack) for one in found] == [("A", True), ("B", False)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("10", "11.5", True), ("10", "12", False), ("0", "0", True), (None, "10", None), ("10", None, None)],
)
def test_prices_are_of_one_class_if_they_differ_by_little(one, other, expected):
    assert same_class(*(price and Decimal(price) for price in (one, other))) is expected


def test_of_equal_names_and_packs_the_same_price_class_comes_first():
    planned = Ware("N", "金标生抽", frozenset(), Decimal(10))
    dear, like = (Ware(sku, "金标生抽", frozenset(), Decimal(price)) for sku, price in (("A", 20), ("B", 11)))
    found = overlaps(planned, [dear, like])
    assert [(one.sku, one.price, one.has_same_price) for one in found] == [("B", 11, True), ("A", 20, False)]
