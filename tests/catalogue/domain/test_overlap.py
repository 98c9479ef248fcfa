import pytest

from catalogue.domain.overlap import Ware, dice, overlaps


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
